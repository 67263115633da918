// Every screen on the smallest telephone, and magnified.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NARROW, WIDE, launch, open, visit } from "../lib/browser.mjs";
import { isolated } from "../lib/isolated.mjs";
import { cutText, overflow, smallTargets } from "../lib/measure.mjs";
import { screens } from "../lib/target.mjs";

const SMALLEST = 320;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function measured(screen, how, f, argument) {
  const view = await open(browser, how);
  await visit(view, screen);
  const world = await isolated(view.page);
  const result = await world.call(f, argument);
  await view.close();
  return result;
}

for (const screen of screens) {
  test(`${screen.name}: nothing to scroll sideways at ${SMALLEST} px`, async () => {
    const { width, culprits } = await measured(screen, { width: SMALLEST }, overflow);
    assert.ok(width <= SMALLEST, `${width} px wide: ${culprits.join(", ")}`);
  });

  // Twice the size is half the room, at twice the pixels.
  test(`${screen.name}: whole at 200 %`, async () => {
    const magnified = { width: WIDE / 2, scale: 2 };
    const { width, culprits } = await measured(screen, magnified, overflow);
    assert.ok(width <= WIDE / 2, `${width} px wide: ${culprits.join(", ")}`);
    assert.deepEqual(await measured(screen, magnified, cutText), []);
  });

  for (const width of [WIDE, NARROW]) {
    const least = screen.touch ? 44 : 24;
    test(`${screen.name}, ${width} px: every target is at least ${least} px`, async () => {
      assert.deepEqual(await measured(screen, { width }, smallTargets, least), []);
    });
  }
}
