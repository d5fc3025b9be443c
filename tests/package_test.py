#!/usr/bin/env python3
"""Build the two halves' .deb packages, unpack each into a root that holds nothing but what its Depends
bring, and do each half's job there: the owner's encodes and seals, the linkage unit's opens and assigns.

usage: package_test.py CHECKOUT FOLDER     (FOLDER keeps the builds; root and chroot are needed)
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROSTER = "local_id,first_name,last_name,date_of_birth\n1,Ann,Lee,2011-02-03\n2,Bo,Ray,2012-03-04\n"


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def build(checkout, folder, package):
    """The .deb of a package preset."""
    where = folder / package
    flags = {"linkage": "-DTESSERA_OWNER=OFF", "owner": "-DTESSERA_LINKAGE=OFF"}[package]
    run("cmake", "-S", checkout, "-B", where, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DTESSERA_TESTS=OFF", flags)
    run("cmake", "--build", where)
    for old in where.glob("*.deb"):
        old.unlink()
    run("cpack", "--config", where / "CPackConfig.cmake", "-B", where, cwd=where)
    debs = list(where.glob(f"tessera-{package}_*.deb"))
    if len(debs) != 1:
        sys.exit(f"{package}: not one package: {debs}")
    return debs[0]


def field(deb, name):
    return run("dpkg-deb", "-f", deb, name).strip()


def names_in(depends):
    """Package names of a Depends line, the first of alternatives."""
    return [re.split(r"[ (:|]", part.strip())[0] for part in depends.split(",") if part.strip()]


def closure(depends):
    """All packages that the Depends line brings, as they are installed here."""
    seen, todo = [], names_in(depends)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        asked = subprocess.run(["dpkg-query", "-W", "-f=${Depends}, ${Pre-Depends}", name], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        if asked.returncode:
            continue  # virtual, or an alternative that is not the one here
        seen.append(name)
        todo += names_in(asked.stdout)
    return seen


def make_root(deb, root):
    """The package and the shared libraries of its dependencies; nothing else of this machine."""
    run("dpkg-deb", "-x", deb, root)
    packages = closure(field(deb, "Depends"))
    for name in packages:
        for line in run("dpkg-query", "-L", name).splitlines():
            path = pathlib.Path(line)
            if not re.search(r"\.so(\.|$)", path.name) and "ld-linux" not in path.name:
                continue
            real = next((p for p in (path, pathlib.Path("/usr" + line)) if p.exists()), None)
            if real is None or real.is_dir():
                continue
            target = root / line.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(real, target)  # follows links: the loader looks for names
    if not (root / "lib64").exists():
        (root / "lib64").mkdir()
    loader = pathlib.Path("/lib64/ld-linux-x86-64.so.2")
    if loader.exists() and not (root / "lib64" / loader.name).exists():
        shutil.copy(loader, root / "lib64" / loader.name)
    (root / "desk").mkdir()
    (root / "tmp").mkdir(exist_ok=True)
    (root / "dev").mkdir(exist_ok=True)
    if not (root / "dev/urandom").exists():
        run("mknod", root / "dev/urandom", "c", "1", "9")
    return packages


# Where a whole machine has links that update-alternatives made, which no package lists.
ALTERNATIVES = ":".join(f"/usr/lib/x86_64-linux-gnu/{kind}" for kind in ("blas", "lapack"))


def inside(root, *arguments, status=0):
    done = subprocess.run([shutil.which("chroot"), root, "/usr/bin/tessera", *arguments],
                          env={"LD_LIBRARY_PATH": ALTERNATIVES}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode not in (status if isinstance(status, tuple) else (status,)):
        sys.exit(f"tessera {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def check_ldd(root, forbidden):
    """Every library is found in the root, and none is of the other half."""
    needed = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", root / "usr/bin/tessera"))
    if not needed:
        sys.exit("the command needs no library, so nothing is proven")
    for name in needed:
        if re.search(forbidden, name):
            sys.exit(f"links {name}")
    return needed


def main():
    checkout, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    if os.geteuid() != 0:
        print("needs root for chroot: skipped")
        return 77
    folder.mkdir(parents=True, exist_ok=True)
    owner_deb, unit_deb = build(checkout, folder, "owner"), build(checkout, folder, "linkage")
    with tempfile.TemporaryDirectory() as scratch:
        owner, unit = pathlib.Path(scratch) / "owner", pathlib.Path(scratch) / "unit"
        owner.mkdir()
        unit.mkdir()
        print("tessera-owner depends on", ", ".join(sorted(make_root(owner_deb, owner))))
        print("tessera-linkage depends on", ", ".join(sorted(make_root(unit_deb, unit))))
        print("tessera-owner links", *check_ldd(owner, r"(?i)clp|coinutils"))
        print("tessera-linkage links", *check_ldd(unit, r"icu|libzip|pcre2|httplib"))
        for deb, others in ((owner_deb, ("tessera-linkage", "tessera")), (unit_deb, ("tessera-owner", "tessera"))):
            if sorted(names_in(field(deb, "Conflicts"))) != sorted(others):
                sys.exit(f"{deb.name}: conflicts with {field(deb, 'Conflicts')}")

        # The ceremony, small: keys, sealed file, registry; only files that may cross do.
        def send(name, source, target):
            shutil.copy(source / "desk" / name, target / "desk" / name)

        for kind in ("entries", "join"):
            inside(unit, "key", "new", f"/desk/{kind}.key", "--kind", kind, "--name", "unit")
            inside(unit, "key", "export-public", f"/desk/{kind}.key", "-o", f"/desk/{kind}.pub")
            send(f"{kind}.pub", unit, owner)
        inside(owner, "key", "new", "/desk/project.key")
        inside(owner, "key", "new", "/desk/north.key", "--kind", "owner", "--name", "north")
        inside(owner, "key", "export-public", "/desk/north.key", "-o", "/desk/north.pub")
        send("north.pub", owner, unit)
        (owner / "desk/roster.csv").write_text(ROSTER, encoding="utf-8")
        inside(owner, "encode", "/desk/roster.csv", "--key", "/desk/project.key", "--owner", "north", "--owner-key",
               "/desk/north.key", "--seal-to", "/desk/entries.pub", "--seal-to", "/desk/join.pub", "--collection",
               "c1", "-o", "/desk/north.tess")
        send("north.tess", owner, unit)
        check = inside(owner, "key", "fingerprint", "/desk/project.key").strip()
        print_of_north = inside(owner, "key", "fingerprint", "/desk/north.pub").strip()
        inside(unit, "registry", "owner", "add", "/desk/owners.json", "--public-key", "/desk/north.pub",
               "--fingerprint", print_of_north)
        inside(unit, "registry", "init", "/desk/state.db", "--trial", "--key-check", check)
        said = inside(unit, "assign", "/desk/north.tess", "--registry", "/desk/state.db", "--owners",
                      "/desk/owners.json", "--open-with", "/desk/entries.key", "--open-with", "/desk/join.key",
                      "--out", "/desk/ids")
        if "2 new" not in said:
            sys.exit(f"assign said: {said}")
        (unit / "desk/north.csv").write_bytes((unit / "desk/ids/north.csv").read_bytes())
        send("north.csv", unit, owner)
        inside(owner, "receive", "/desk/north.csv", "--map", "/desk/north.map", "-o", "/desk/ids.csv")
        rows = (owner / "desk/ids.csv").read_text(encoding="utf-8").splitlines()
        if [r.split(",")[0] for r in rows] != ["local_id", "1", "2"]:
            sys.exit(f"receive gave {len(rows)} rows")
        for verb in ("encode", "receive", "synth"):
            inside(unit, verb, status=2)
        for verb in ("assign", "link", "registry", "synth"):
            inside(owner, verb, status=2)
    run(sys.executable, checkout / "tests/check_wall.py", folder / "linkage/cli/tessera",
        folder / "linkage/libtessera_linkage.a", folder / "linkage/libtessera_core.a")
    run(sys.executable, checkout / "tests/check_wall.py", "--must-object", folder / "owner/cli/tessera")
    print("both packages install, run and do their half; the linkage one holds no owner code")
    return 0


if __name__ == "__main__":
    sys.exit(main())
