// Run one Python file inside Pyodide in node; the request is described in tools/pyodide.py (run_python).
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const RUN = `
async def _run(source, arguments):
    import sys, traceback
    from pyodide.code import eval_code_async
    sys.argv = list(arguments)
    try:
        await eval_code_async(source, {"__name__": "__main__", "__file__": sys.argv[0]}, filename=sys.argv[0])
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or 0
        print(stop.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
_run
`;

// Stack traces of Pyodide carry megabytes of JavaScript.
function fail(error) {
  const lines = String(error?.message ?? error).split("\n");
  console.error(lines.filter((line) => !/wasm-function|asm\.m?js/.test(line)).slice(-60).join("\n"));
  process.exit(1);
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

const request = JSON.parse(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(`${request.distribution}/pyodide.mjs`).href);
// Folders are there before Python starts, so that they may be on its PYTHONPATH.
function mountFolders(FS) {
  for (const [inside, outside] of Object.entries(request.mounts)) {
    FS.mkdirTree(inside);
    FS.mount(FS.filesystems.NODEFS, { root: outside }, inside);
  }
}
const pyodide = await loadPyodide({
  indexURL: `${request.distribution}/`,
  env: request.environment,
  fsInit: mountFolders,
});
const quiet = { messageCallback: () => {} };
await pyodide.loadPackage(request.packages, quiet);
for (const wheel of request.wheels) await pyodide.loadPackage(pathToFileURL(wheel).href, quiet);
const runScript = pyodide.runPython(RUN);
const words = pyodide.toPy([request.script, ...request.arguments]);
process.exit(await runScript(readFileSync(request.script, "utf8"), words));
