// Milliseconds to load one package from a local file into a fresh Pyodide, import it and use it once.
//     node startup.mjs DISTRIBUTION PACKAGE_OR_WHEEL MODULE
import { pathToFileURL } from "node:url";

const [distribution, name, module] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${distribution}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ indexURL: `${distribution}/` });
const source = name.endsWith(".whl") ? pathToFileURL(name).href : name;
const start = performance.now();
await pyodide.loadPackage(source, { messageCallback: () => {} });
const text = pyodide.runPython(`import ${module} as np; repr(np.arange(10.).sum())`);
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, text }));
process.exit();
