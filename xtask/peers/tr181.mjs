// The peer of `cargo xtask compare tr181`: parse the document and visit every leaf.
// usage: node tr181.mjs FILE ITERATIONS
import { readFileSync } from "node:fs";

const [, , file, count] = process.argv;
const iterations = Number(count);
if (!file || !Number.isInteger(iterations) || iterations < 1) {
  console.error("usage: node tr181.mjs FILE ITERATIONS");
  process.exit(2);
}
// Bytes, as they come from a socket: decoding them is part of the work on both sides.
const bytes = readFileSync(file);

/** Counts the leaves of a device document: the objects that carry a `_value`. */
function leaves(node) {
  if (node === null || typeof node !== "object") return 0;
  if ("_value" in node) return 1;
  let sum = 0;
  for (const name in node) sum += leaves(node[name]);
  return sum;
}

const times = [];
let found = 0;
// A tenth as many first, unmeasured, as our own program does: the compiler warms up.
for (let i = 0; i < iterations / 10 + 1; i += 1) found = leaves(JSON.parse(bytes.toString("utf8")));
for (let i = 0; i < iterations; i += 1) {
  const start = process.hrtime.bigint();
  found = leaves(JSON.parse(bytes.toString("utf8")));
  times.push(process.hrtime.bigint() - start);
}
times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const median = Number(times[Math.floor((times.length - 1) / 2)]);
console.log(JSON.stringify({ median_ns: median, leaves: found }));
