// The same work with JavaScript off: find a device, read it again, restart it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NARROW, WIDE, action, launch, open } from "../lib/browser.mjs";
import { examples } from "../lib/target.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Does something that loads a page, and returns the answer of the last redirect. */
async function follow(page, act) {
  const answered = page.waitForResponse((response) => {
    const isRedirect = response.status() >= 300 && response.status() < 400;
    return response.request().isNavigationRequest() && !isRedirect;
  }, { timeout: 60_000 });
  await act();
  const response = await answered;
  await page.waitForLoadState("load");
  return response;
}

for (const width of [WIDE, NARROW]) {
  test(`${width} px: search, read again, confirm, restart`, async () => {
    const view = await open(browser, { width, javascript: false });
    const { page } = view;
    await page.goto("/ops/network");

    const field = page.locator("main input[name=q]");
    await field.fill(examples.serial);
    let response = await follow(page, () => field.press("Enter"));
    assert.equal(response.status(), 200);
    if (!new URL(page.url()).pathname.endsWith("/device")) {
      const result = page.locator('main a[href*="/ops/network/device?"]').first();
      response = await follow(page, () => result.click());
      assert.equal(response.status(), 200);
    }
    const device = page.url();
    assert.ok(new URL(device).searchParams.get("serial"), `no serial number in ${device}`);
    assert.ok((await page.locator("main").textContent()).includes(examples.serial));

    response = await follow(page, () => action(page, /relire/i).click());
    assert.equal(response.status(), 200);
    assert.equal(new URL(page.url()).pathname, new URL(device).pathname, "reading again leads back to the device");

    response = await follow(page, () => action(page, /redémarrer/i).click());
    assert.equal(response.status(), 200);
    assert.equal(response.request().method(), "GET", "asking changes nothing");
    const confirm = page.locator('main form[method="post" i]').filter({ has: page.locator("input[name=csrf]") });
    assert.ok((await confirm.count()) >= 1, "the confirmation is a form that carries its token");

    response = await follow(page, () => page.locator("main").getByRole("button", { name: /redémarrer/i }).first().click());
    assert.equal(response.status(), 200);
    assert.equal(response.request().method(), "GET", "reloading the answer does not restart it once more");
    assert.match(await page.locator("body").textContent(), /redémarr/i);
    assert.deepEqual([...view.troubles], []);
    await view.close();
  });
}
