"""What other linkage reaches on the same data, and what tessera has to reach."""

# (set, fields): Splink 4.0.16 best F1, precision and recall at p >= 0.9, 1-1 F1 (plaintext); a
# textbook CLK (1024 bits, padded bigrams, Dice, all pairs compared) best F1 and 1-1 F1.
PEERS = {
    ("febrl4", "name+dob"): dict(splink=(0.9331, 0.9995, 0.7990, 0.9874), clk=(0.9253, 0.9879)),
    ("febrl4", "name+dob+number"): dict(splink=(0.9926, 1.0000, 0.9744, 0.9991), clk=(0.9797, 0.9981)),
    ("dependents", "name+dob"): dict(splink=(0.9846, 0.9867, 0.9526, 0.9943), clk=(0.9670, 0.9879)),
    ("dependents", "name+dob+middle+sex"): dict(splink=(0.9902, 0.9943, 0.9851, 0.9964), clk=None),
    ("dependents", "name+dob+ssn"): dict(splink=(0.9954, 0.9995, 0.9887, 0.9992), clk=(0.9925, 0.9974)),
}

# (set, fields): least best F1 after one-to-one assignment, by schema.
BARS = {
    ("febrl4", "name+dob"): {"high-recall": 0.980},
    ("febrl4", "name+dob+number"): {"high-recall": 0.997, "default": 0.990},
    ("dependents", "name+dob+middle+sex"): {"high-recall": 0.993, "default": 0.958},
    ("dependents", "name+dob+ssn"): {"high-recall": 0.998, "default": 0.995},
}
PRECISION_BAR = 0.999     # at p >= 0.9 after one-to-one assignment
CALIBRATION_BAR = 0.02    # expected calibration error
SHARE_OF_C_BAR = 0.997    # of c, reached at precision 0.999
