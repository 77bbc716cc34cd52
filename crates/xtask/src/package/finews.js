#!/usr/bin/env node
// Runs the command for this platform, which is in a package of its own.
const { spawn } = require("node:child_process");

const name = `@finews/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/${process.platform === "win32" ? "finews.exe" : "finews"}`);
} catch {
  console.error(
    `finews: the package ${name} is not installed. npm leaves it out with --omit=optional, or if there is none for this platform; other ways to install finews: https://github.com/finews/finews#readme`,
  );
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`finews: ${program} cannot be run: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code) => process.exit(code ?? 1));
