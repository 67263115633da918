// Pictures of every screen, for the documentation: NAME-{l,s}-{light,dark}.png
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { NARROW, WIDE, launch, open, visit } from "./lib/browser.mjs";
import { isolated } from "./lib/isolated.mjs";
import { screens } from "./lib/target.mjs";

const [, , folder, only] = process.argv;
mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const screen of screens.filter((screen) => new RegExp(only).test(screen.name))) {
  for (const [letter, width] of [["l", WIDE], ["s", NARROW]]) {
    for (const theme of ["light", "dark"]) {
      const view = await open(browser, { width, theme });
      await visit(view, screen);
      await view.page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {});
      const name = `${screen.name}-${letter}-${theme}.png`;
      // A window as tall as the page: bars that stick to an edge are then where they belong.
      const world = await isolated(view.page);
      const height = await world.call(() => document.scrollingElement.scrollHeight);
      await view.page.setViewportSize({ width, height });
      await view.page.screenshot({ path: join(folder, name), animations: "disabled", caret: "hide" });
      console.log(name);
      await view.close();
    }
  }
}
await browser.close();
