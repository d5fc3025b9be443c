#!/usr/bin/env python3
"""A peer that hangs up without a word, before a key service and before an owner.

  hang_up.py PORT_FILE SERVICE   breaks off the first connection to the port it names, in the middle of a request,
                                 and hands all others on to the service's port
  hang_up.py owners SERVICE      asks the service fifty times and does not wait for an answer"""
import contextlib
import pathlib
import socket
import ssl
import struct
import sys
import threading


def break_off(connection):
    """Closes with a reset: whoever writes next has a broken pipe."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def pump(source, sink):
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def between(port_file, service):
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain("ks.pem", "ks.key")
    listening = socket.create_server(("127.0.0.1", 0))
    pathlib.Path(port_file).write_text(str(listening.getsockname()[1]), encoding="utf-8")
    first = ours.wrap_socket(listening.accept()[0], server_side=True)
    first.recv(1)
    break_off(first)
    listening.settimeout(60)  # nobody comes any more: done
    with contextlib.suppress(TimeoutError):
        while True:
            owner, onward = listening.accept()[0], socket.create_connection(("localhost", service))
            for ends in ((onward, owner), (owner, onward)):
                threading.Thread(target=pump, args=ends, daemon=True).start()


def owners(service):
    trusting = ssl.create_default_context(cafile="ks.pem")
    for _ in range(50):
        one = trusting.wrap_socket(socket.create_connection(("localhost", service)), server_hostname="localhost")
        one.sendall(b"GET /v1/keys/2025-2029 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        break_off(one)
    print("hung up 50 times")


if sys.argv[1] == "owners":
    owners(int(sys.argv[2]))
else:
    between(sys.argv[1], int(sys.argv[2]))
