"""Python's command line where there is none: FOLDER -m MODULE ARGUMENTS or FOLDER -c CODE, run in Pyodide."""

import os
import runpy
import sys

folder, option, subject, *arguments = sys.argv[1:]
os.chdir(folder)
sys.argv = [option, *arguments]
if option == "-m":
    runpy.run_module(subject, run_name="__main__", alter_sys=True)
else:
    exec(subject, {"__name__": "__main__"})
