"""``setup/bench``: list the measurements, or run one and tell its figures."""

import argparse
import json
import sys
from pathlib import Path

from demo_run import console

from bench_run.bench import Bench, Measured, benches


def main(arguments: list[str]) -> int:
    """Run what is named; 2 for a name that there is none of."""
    needs_only = arguments[:1] == ["--needs"]
    if needs_only:
        arguments = arguments[1:]
    known = benches()
    if needs_only:
        bench = known.get(arguments[0]) if arguments else None
        print("\n".join(bench.needs if bench else ()), end="")
        return 0
    if not arguments:
        for bench in known.values():
            print(f"{bench.name:12} {bench.about}")
        return 0
    name, *rest = arguments
    if name not in known:
        print(f"bench: no {name}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    return measure(known[name], rest)


def measure(bench: Bench, arguments: list[str]) -> int:
    """Run a measurement, show its figures, and write them as JSON where asked."""
    parser = argparse.ArgumentParser(
        prog=f"setup/bench {bench.name}", description=bench.about
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write figures here")
    bench.arguments(parser)
    options = parser.parse_args(arguments)
    console.speaker = "bench"
    measured = bench.run(options)
    show(bench, measured)
    if options.json:
        written = {
            "bench": bench.name,
            "inputs": measured.inputs,
            "figures": measured.figures,
            "limits": bench.limits,
        }
        options.json.write_text(json.dumps(written, indent=2) + "\n")
    return 0


def show(bench: Bench, measured: Measured) -> None:
    """Print inputs and figures, each figure beside its limit."""
    inputs = ", ".join(f"{name} {value}" for name, value in measured.inputs.items())
    print(f"{bench.name}: {inputs}")
    for name, figure in measured.figures.items():
        limit = f"   (limit {bench.limits[name]:g})" if name in bench.limits else ""
        print(f"  {name:24} {figure:12g}{limit}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
