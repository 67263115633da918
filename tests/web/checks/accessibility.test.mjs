// Every screen, in both themes and both widths: axe finds nothing, the console stays silent.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "../lib/axe.mjs";
import { NARROW, WIDE, launch, open, visit } from "../lib/browser.mjs";
import { screens } from "../lib/target.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const screen of screens) {
  for (const theme of ["light", "dark"]) {
    for (const width of [WIDE, NARROW]) {
      test(`${screen.name}, ${theme}, ${width} px: accessible, no error`, async () => {
        const view = await open(browser, { width, theme });
        await visit(view, screen);
        // Parts that are fetched after load belong to the screen. A live connection never ends,
        // so "idle" may not come: then what is there is checked.
        await view.page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {});
        const found = { axe: await violations(view.page), troubles: [...view.troubles] };
        assert.deepEqual(found, { axe: [], troubles: [] });
        await view.close();
      });
    }
  }
}
