"""`python -m tests.sweep [N]`: the whole sweep, or about N of it, in two processes. `make sweep`"""

import logging
import sys
import time
from multiprocessing import Pool

from tests.sweep.sweep import Result, cases, places, run, sample, table


def main() -> int:
    logging.disable(logging.CRITICAL)
    every = cases(places())
    chosen = sample(every, int(sys.argv[1])) if len(sys.argv) > 1 else every
    started, results = time.monotonic(), list[Result]()
    with Pool(2) as pool:
        for result in pool.imap(run, chosen, chunksize=4):
            results.append(result)
            for words in result.broken:
                print(f"BROKEN at {result.place}, {result.fault}: {words}", flush=True)
    print(table(results))
    print(f"{time.monotonic() - started:.0f} s")
    return any(result.broken for result in results)


if __name__ == "__main__":
    sys.exit(main())
