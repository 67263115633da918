// The browser, its pages, and what a page may not do while it is open.
import { chromium } from "playwright-core";
import { target } from "./target.mjs";

export const WIDE = 1280;
export const NARROW = 390;
const HEIGHTS = new Map([[WIDE, 800], [NARROW, 844]]);

/** Debian's Chromium; its own sandbox needs privileges that containers do not give. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** A page of a signed-in member of the staff, in a context of its own. */
export async function open(browser, { width = WIDE, theme = "light", javascript = true, scale = 1 } = {}) {
  const context = await browser.newContext({
    baseURL: target.hub,
    viewport: { width, height: HEIGHTS.get(width) ?? 640 },
    deviceScaleFactor: scale,
    colorScheme: theme,
    reducedMotion: "reduce",
    javaScriptEnabled: javascript,
    locale: "fr-CA",
    timezoneId: "America/Toronto",
    extraHTTPHeaders: target.staff_headers,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const troubles = watch(page);
  return { page, troubles, close: () => context.close() };
}

/** Collects errors of the console, of scripts and of the CSP, and requests to other origins. */
function watch(page) {
  const troubles = [];
  const allowed = new Set();
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // A page that is meant to answer 404 is reported as a failed resource too.
    const isStatus = message.text().startsWith("Failed to load resource");
    if (isStatus && allowed.has(message.location().url)) return;
    troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(target.hub).origin) {
      troubles.push(`third party: ${url.origin}`);
    }
  });
  troubles.allow = (url) => allowed.add(url);
  return troubles;
}

/** Opens a screen of the list; fails unless it answers as the list says. */
export async function visit({ page, troubles }, screen) {
  const status = screen.status ?? 200;
  if (status >= 400) troubles.allow(new URL(screen.path, target.hub).href);
  let response = await page.goto(screen.path, { waitUntil: "load" });
  if (screen.follow) {
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.request().isNavigationRequest()),
      action(page, screen.follow).click(),
    ]);
    response = answer;
    await page.waitForLoadState("load");
  }
  if (response.status() !== status) {
    throw new Error(`${screen.name}: ${page.url()} answers ${response.status()}, not ${status}`);
  }
  // Parts that are fetched after the page belong to the screen; without script they stay links.
  const later = page.locator('main [data-src][aria-busy="true"]');
  const first = later.first();
  while (await later.count()) {
    // One after the other: what never comes is a link.
    const came = await first.waitFor({ state: "detached", timeout: 5000 }).then(() => true, () => false);
    if (!came) break;
  }
  return response;
}

/** The link or button of <main> with these words. */
export function action(page, words) {
  const main = page.locator("main");
  return main.getByRole("link", { name: words }).or(main.getByRole("button", { name: words })).first();
}
