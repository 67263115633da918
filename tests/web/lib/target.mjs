// Where the sandbox is, as run.mjs passed it on.
import { screens as list } from "../screens.mjs";

if (!process.env.WEB_TARGET) {
  console.error("run the suite with `node run.mjs`: it starts the sandbox");
  process.exit(2);
}

export const target = JSON.parse(process.env.WEB_TARGET);
export const examples = target.examples;
export const screens = list(examples);
