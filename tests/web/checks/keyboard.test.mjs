// Without a mouse: everything is reached, in reading order, in sight; a swap keeps the place.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NARROW, WIDE, action, launch, open, visit } from "../lib/browser.mjs";
import { isolated } from "../lib/isolated.mjs";
import { focused, stops } from "../lib/keyboard.mjs";
import { examples, screens } from "../lib/target.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const screen = (name) => screens.find((screen) => screen.name === name);

for (const one of screens) {
  for (const width of [WIDE, NARROW]) {
    test(`${one.name}, ${width} px: Tab visits everything in order, in sight`, async () => {
      const view = await open(browser, { width });
      await visit(view, one);
      // A field that has the focus from the start would begin the walk in the middle.
      const world = await isolated(view.page);
      await world.call(() => {
        document.activeElement?.blur();
        getSelection()?.setPosition(document.body, 0);
      });
      const names = await world.call(stops);
      const visited = [];
      // Boxes that scroll are stops too, so there may be more than the list says.
      for (let i = 0; i < names.length + 20; i += 1) {
        await view.page.keyboard.press("Tab");
        const now = await world.call(focused);
        if (now === null || (visited.length > 0 && now.index === visited[0])) break;
        assert.ok(now.marked, `one cannot see that ${now.name} has the focus`);
        assert.ok(now.uncovered, `${now.name} has the focus and is covered`);
        if (now.index >= 0) visited.push(now.index);
      }
      assert.deepEqual(visited.map((i) => names[i]), names);
      await view.close();
    });
  }
}

test("the first stop leads past the navigation", async () => {
  const view = await open(browser);
  await visit(view, screen("ops-network"));
  const world = await isolated(view.page);
  await world.call(() => {
    document.activeElement?.blur();
    getSelection()?.setPosition(document.body, 0);
  });
  await view.page.keyboard.press("Tab");
  assert.equal(await world.call(() => document.activeElement.getAttribute("href")), "#main");
  await view.page.keyboard.press("Enter");
  await view.page.keyboard.press("Tab");
  const isPast = await world.call(() => document.querySelector("main").contains(document.activeElement));
  assert.ok(isPast, "the stop after it is not in <main>");
  await view.close();
});

/** Remembers the fragments of the page, to see later that one was replaced. */
function remember() {
  globalThis.fragments = [...document.querySelectorAll("main,[data-frag]")];
}

/** Waits until one of them was. */
function replaced() {
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error("nothing was replaced within 10 s")), 10_000);
    const look = () => {
      if (globalThis.fragments.every((e) => e.isConnected)) return requestAnimationFrame(look);
      clearTimeout(late);
      // The script moves the focus right after it replaced a fragment.
      return setTimeout(() => done(true), 50);
    };
    look();
  });
}

test("reading a device again keeps the focus on the button", async () => {
  const view = await open(browser);
  await visit(view, screen("ops-device"));
  const world = await isolated(view.page);
  const button = action(view.page, /^\s*(relire|réessayer)/i);
  await button.focus();
  const place = () => world.call(() => {
    const e = document.activeElement;
    return { id: e.id, href: e.getAttribute("href"), tag: e.localName };
  });
  const before = await place();
  assert.ok(before.id || before.href, "the button has no stable id");
  await world.call(remember);
  await view.page.keyboard.press("Enter");
  await world.call(replaced);
  assert.deepEqual(await place(), before);
  assert.deepEqual([...view.troubles], []);
  await view.close();
});

test("searching keeps the focus in the field, and what was typed", async () => {
  const view = await open(browser);
  await visit(view, screen("ops-network"));
  const world = await isolated(view.page);
  const form = view.page.locator("main form[data-enhance]").filter({ has: view.page.locator("input[name=q]") });
  const field = form.locator("input[name=q]");
  await field.focus();
  await world.call(remember);
  // Two devices share this number, so that the answer is a list on the same screen.
  await view.page.keyboard.type(examples.shared);
  if ((await form.getAttribute("data-auto")) === null) await view.page.keyboard.press("Enter");
  await world.call(replaced);
  assert.equal(await world.call(() => document.activeElement.name), "q");
  assert.equal(await field.inputValue(), examples.shared);
  assert.ok((await view.page.locator('main a[href*="/ops/network/device?"]').count()) >= 2);
  assert.deepEqual([...view.troubles], []);
  await view.close();
});
