#!/usr/bin/env python3
"""Makes rosters of several parties whose people bear names of many scripts and customs.

  world.py OUT [--people 1500] [--parties 4] [--rate 0.02] [--seed 1]

Each person stands in every party with chance 0.6, each time typed anew: marks kept, dropped or
decomposed; another transliteration; the family name first; one of two surnames; and the errors of
noise.py at RATE. OUT gets a.csv, b.csv, ... and truth.csv. Same seed, same bytes."""
import argparse
import pathlib
import random
import unicodedata

import noise
import tables

# Custom: given names by sex, family names, and spellings of one name. Common names of public record.
PEOPLE = {
    "vietnamese": dict(
        F=["Hương", "Lan", "Thảo", "Ngọc Ánh", "Thùy Dương", "Mỹ Linh", "Hạnh", "Phương Thảo"],
        M=["Đức", "Dũng", "Minh Quân", "Tuấn", "Hùng", "Quốc Việt", "Bảo", "Thành Đạt"],
        last=["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"],
        middle=["Thị", "Văn", "Hữu", "Thanh"], turned=0.15, forms=[]),
    "spanish": dict(
        F=["María José", "Lucía", "Sofía", "Begoña", "Guadalupe", "Itzel", "Ximena", "Concepción"],
        M=["José Ángel", "Jesús", "Íñigo", "Nicolás", "Joaquín", "Ramón", "Andrés", "Martín"],
        last=["García", "Muñoz", "Peña", "Núñez", "López", "Hernández", "Ibáñez", "de la Cruz", "Güell", "Ordóñez"],
        middle=["de Jesús", "Inés", "Luis", ""], double=0.7, turned=0.01, forms=[("Ximena", "Jimena")]),
    "arabic": dict(
        F=["Fatima", "Aisha", "Khadija", "Noor", "Maryam", "Yasmin", "Zaynab"],
        M=["Mohammed", "Ahmad", "Abdul Rahman", "Yusuf", "Hussein", "Khalid", "Omar"],
        last=["Al-Masri", "El Sayed", "Haddad", "Qureshi", "Abdallah", "Bin Laith", "Al Hashimi", "Shaikh"],
        middle=["", "Ali", "Hassan"], turned=0.02,
        forms=[("Mohammed", "Muhammad"), ("Mohammed", "Mohamed"), ("Ahmad", "Ahmed"), ("Aisha", "Aysha"),
               ("Yusuf", "Youssef"), ("Hussein", "Husayn"), ("Zaynab", "Zeinab"), ("Al-Masri", "Almasri"),
               ("Al-Masri", "El Masry"), ("Al Hashimi", "Alhashimi"), ("Shaikh", "Sheikh"), ("Qureshi", "Quraishi"),
               ("Abdul Rahman", "Abdulrahman"), ("Abdallah", "Abdullah")]),
    "chinese": dict(
        F=["Xiaoyan", "Mei", "Yu Ting", "Jing", "Li Hua", "Qiuyue"],
        M=["Wei", "Jian Guo", "Zhihao", "Lei", "Haoran", "Xin"],
        last=["Wang", "Li", "Zhang", "Liu", "Chen", "Ou Yang", "Zhao", "Huang", "Xu", "Lü"],
        middle=[""], turned=0.2,
        forms=[("Zhang", "Chang"), ("Xu", "Hsu"), ("Huang", "Wong"), ("Zhao", "Chao"), ("Lü", "Lu"), ("Yu Ting", "Yuting"),
               ("Jian Guo", "Jianguo"), ("Li Hua", "Lihua"), ("Ou Yang", "Ouyang"), ("Zhihao", "Chih-Hao")]),
    "slavic": dict(
        F=["Małgorzata", "Agnieszka", "Žofia", "Katarína", "Łucja", "Oksana"],
        M=["Paweł", "Łukasz", "Grzegorz", "Jiří", "Dražen", "Oleksandr"],
        last=["Wójcik", "Kowalczyk", "Żukowski", "Świątek", "Dvořák", "Horvat", "Šimić", "Shevchenko"],
        middle=["Maria", "Jan", ""], turned=0.01,
        forms=[("Oleksandr", "Aleksandr"), ("Shevchenko", "Ševčenko")]),
    "nordic": dict(
        F=["Åsa", "Björk", "Sólveig", "Ingrid", "Zoë"], M=["Jürgen", "Søren", "Håkon", "Günther", "Þór"],
        last=["Müller", "Schäfer", "Größe", "Jørgensen", "Åkesson", "Björnsdóttir", "Þórsson"],
        middle=["Anna", "Karl", ""], turned=0.01,
        forms=[("Müller", "Mueller"), ("Schäfer", "Schaefer"), ("Größe", "Groesse"), ("Jørgensen", "Joergensen"),
               ("Þór", "Thor"), ("Jürgen", "Juergen")]),
    "african": dict(
        F=["Chiamaka", "N'Dèye", "Oluwaseun", "Amina", "Zanele"], M=["Kwame", "Chukwuemeka", "Oumar", "Thabo", "Mamadou"],
        last=["Okonkwo", "N'Diaye", "Diallo", "Owusu-Ansah", "Mbeki", "Ó Súilleabháin", "Traoré"],
        middle=["", "Ama", "Kofi"], turned=0.03, forms=[("N'Diaye", "Ndiaye"), ("Traoré", "Traore")]),
}


def bare(text):
    table = str.maketrans({"Đ": "D", "đ": "d", "Ł": "L", "ł": "l", "ø": "o", "Ø": "O", "ß": "ss", "Þ": "Th", "þ": "th"})
    return "".join(c for c in unicodedata.normalize("NFD", text.translate(table)) if not unicodedata.combining(c))


def born(number, rng):
    custom = rng.choice(list(PEOPLE))
    names = PEOPLE[custom]
    sex = rng.choice("FM")
    last = rng.choice(names["last"])
    if rng.random() < names.get("double", 0.05):
        last += rng.choice([" ", "-"]) + rng.choice(names["last"])
    return {"person": f"{custom}-{number}", "custom": custom, "first": rng.choice(names[sex]),
            "middle": rng.choice(names["middle"]), "last": last, "sex": sex,
            "dob": f"{rng.randrange(2005, 2020)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"}


def typed(person, errors, rate, rng):
    """The person as one office writes them."""
    row = dict(person)
    for old, new in PEOPLE[person["custom"]]["forms"]:
        for field in ("first", "last"):
            if old in row[field] and rng.random() < 0.15:
                row[field] = row[field].replace(old, new)
    marks = rng.random()
    for field in ("first", "middle", "last"):
        if marks < 0.4:
            row[field] = bare(row[field])
        elif marks < 0.5:
            row[field] = unicodedata.normalize("NFD", row[field])
        elif marks < 0.6:
            row[field] = row[field].upper()
    if rng.random() < PEOPLE[person["custom"]]["turned"]:
        row["first"], row["last"] = row["last"], row["first"]
    row = noise.spoil(row, errors, rate, rate)
    return row


def make(out, people=1500, parties=4, rate=0.02, seed=1):
    rng = random.Random(seed)
    everyone = [born(i, rng) for i in range(people)]
    errors = noise.Noise(everyone, rng)
    out.mkdir(parents=True, exist_ok=True)
    column = {"first": "first_name", "middle": "middle_name", "last": "last_name", "dob": "date_of_birth", "sex": "sex"}
    files = {}
    for owner in "abcdefgh"[:parties]:
        rows = [typed(p, errors, rate, rng) for p in everyone if rng.random() < 0.6]
        rng.shuffle(rows)
        files[owner] = rows
    noise.save(out, column, files, "w-")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--parties", type=int, default=4)
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    make(asked.out, asked.people, asked.parties, asked.rate, asked.seed)


if __name__ == "__main__":
    main()
