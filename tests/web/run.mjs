// Runs the browser suite against a sandbox of its own.
//
//   node run.mjs [--sandbox PROGRAM] [--screenshots DIR] [--only PATTERN]
//
// Started as `PROGRAM --port 0 --json`, the sandbox prints one JSON line when it is ready:
//   {"hub":"http://127.0.0.1:PORT","staff_headers":{…},"examples":{"serial":…}}
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 5_000;

const { values: options } = parseArgs({
  options: {
    sandbox: { type: "string", default: resolve(here, "../../target/debug/sandbox") },
    screenshots: { type: "string" },
    only: { type: "string" },
  },
});

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
for (const [missing, what] of [
  [parseInt(process.versions.node, 10) < 20, `Node 20 is not installed: this is ${process.version}`],
  [!existsSync(chromium), `${chromium} is not installed`],
  [!existsSync(resolve(here, "node_modules/playwright-core")), "node_modules is empty: npm ci --ignore-scripts"],
  [!existsSync(options.sandbox), `${options.sandbox} is not built`],
]) {
  if (!missing) continue;
  const required = process.env.REQUIRE_SERVICES === "1";
  console.log(`${required ? "missing" : "skipped"}: ${what}`);
  process.exit(required ? 1 : 0);
}

const sandbox = spawn(resolve(options.sandbox), ["--port", "0", "--json"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const gone = new Promise((done) => {
  sandbox.once("exit", (code, signal) => done(`it ended with ${signal ?? code}`));
  sandbox.once("error", (error) => done(error.message));
});

/** Asks politely, then insists. */
async function stop() {
  if (sandbox.exitCode !== null || sandbox.signalCode !== null || !sandbox.pid) return;
  sandbox.kill("SIGTERM");
  const timer = setTimeout(() => sandbox.kill("SIGKILL"), STOPPED_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}
process.on("exit", () => sandbox.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** The first line of its output that is a JSON object; the rest is read and dropped. */
function ready() {
  return new Promise((done, fail) => {
    const late = () => fail(new Error(`no line of JSON within ${READY_WITHIN_MS / 1000} s`));
    const timer = setTimeout(late, READY_WITHIN_MS);
    gone.then((why) => fail(new Error(why)));
    createInterface({ input: sandbox.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(timer);
      try {
        done(JSON.parse(line));
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** Runs Node on `args`, with the addresses of the sandbox in its environment. */
function node(args, target) {
  const env = { ...process.env, CHROMIUM: chromium, WEB_TARGET: JSON.stringify(target) };
  const child = spawn(process.execPath, args, { cwd: here, env, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((done) => child.once("exit", (code) => done(code ?? 1)));
}

let code = 1;
try {
  const target = await ready();
  if (options.screenshots) {
    code = await node(["screenshots.mjs", resolve(options.screenshots), options.only ?? ""], target);
  } else {
    const files = readdirSync(resolve(here, "checks"))
      .filter((name) => name.endsWith(".test.mjs"))
      .map((name) => `checks/${name}`);
    const pattern = options.only ? [`--test-name-pattern=${options.only}`] : [];
    const runner = ["--test", "--test-reporter=spec", "--test-concurrency=2", "--test-timeout=900000"];
    code = await node([...runner, ...pattern, ...files], target);
  }
} catch (error) {
  console.error(`the sandbox did not start: ${error.message}`);
}
await stop();
process.exitCode = code;
