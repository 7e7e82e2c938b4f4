// What every walk through VS Code uses: a browser on the workbench, and names for what
// a person sees and does in it.

import { basename, join } from "node:path";

const { CHROMIUM, FOLDER, PLAYWRIGHT, SHOTS, VSCODE_URL } = process.env;
const { chromium } = await import(`${PLAYWRIGHT}/index.mjs`);

// A whole run fits in, on a machine that is busy with other tests.
const WAIT_MS = 150_000;

export const say = (...words) => console.log(words.join(" "));

/** Open the workbench, do `walk`, and end with an exit status that says how it went. */
export async function run(walk, file) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Root cannot use Chromium's sandbox; the only page is ours, on loopback.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.route("**/*", (route) =>
    new URL(route.request().url()).hostname === "127.0.0.1" ? route.continue() : route.abort(),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const workbench = new Workbench(page);
  let failed = false;
  try {
    await page.goto(address(file), { waitUntil: "domcontentloaded" });
    await page.locator(".monaco-workbench").waitFor();
    await walk(workbench);
  } catch (error) {
    failed = true;
    say("FAILED", error.stack);
    await workbench.shot("failed").catch(() => {});
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}

function address(file) {
  const host = new URL(VSCODE_URL).host;
  const payload = file ? [["openFile", `vscode-remote://${host}${join(FOLDER, file)}`]] : [];
  return `${VSCODE_URL}/?folder=${encodeURIComponent(FOLDER)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

class Workbench {
  constructor(page) {
    this.page = page;
  }

  async shot(name) {
    // Out of the way, where nothing has a tooltip.
    await this.page.mouse.move(200, 17);
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Run a command of the palette by its title. */
  async command(title) {
    await this.pick(`>${title}`, title);
  }

  /** Open a file of the folder; by its whole path, as this server comes without a file search. */
  async open(path, line) {
    const place = line === undefined ? "" : `:${line}`;
    await this.pick(join(FOLDER, path) + place, basename(path));
  }

  /** Take an entry of the palette; it is opened anew until it has learnt of the entry. */
  async pick(query, title) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    for (const end = Date.now() + WAIT_MS; ; ) {
      await this.page.keyboard.press(query.startsWith(">") ? "F1" : "Control+KeyP");
      await this.page.locator(".quick-input-widget input[type=text]").fill(query);
      try {
        await row.click({ timeout: 3000 });
        return;
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** The message of a notification. */
  notified(text) {
    return this.page.locator(".notification-list-item-message", { hasText: text }).first();
  }

  /** Wait for a notification; return its text. */
  async notification(text) {
    return (await this.notified(text).innerText()).trim();
  }

  /** Wait for an entry of the status bar; return its text. */
  async status(text) {
    const found = this.page.locator(".statusbar-item", { hasText: text }).first();
    await found.waitFor();
    return (await found.innerText()).trim();
  }

  /** Wait for a code lens whose title contains `text`. */
  async lens(text) {
    const found = this.page.locator(".codelens-decoration a, .codelens-decoration span", { hasText: text }).first();
    await found.waitFor();
    return found;
  }

  /** Click a code lens until `shown` comes: while VS Code renews lenses, a click on one is lost. */
  async press(title, shown) {
    for (const end = Date.now() + WAIT_MS; ; ) {
      await (await this.lens(title)).click();
      try {
        await shown.first().waitFor({ timeout: 8000 });
        return;
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
      }
    }
  }

  /** Wait for an inlay hint that contains `text`. */
  async hint(text) {
    await this.page.locator(".view-line span[class*=dyn-rule]", { hasText: text }).first().waitFor();
  }

  /** Open the problems panel; return the row that contains `text`, once it is there. */
  async problem(text) {
    await this.command("Problems: Focus on Problems View");
    const row = this.page.locator(".markers-panel .monaco-list-row", { hasText: text }).first();
    await row.waitFor();
    return row;
  }

  /** Take an entry of the menu of code actions at the cursor. */
  async fix(title) {
    await this.page.keyboard.press("Control+.");
    const row = this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    await row.waitFor();
    // The menu takes no click before the mouse has moved over it.
    await this.page.mouse.move(0, 0);
    await this.page.mouse.move(9, 9);
    await row.click();
  }

  /** Answer an input box that asks for `prompt`; `shot` shows it before the answer is sent. */
  async answer(prompt, text, shot) {
    const box = this.page.locator(".quick-input-widget", { hasText: prompt });
    await box.waitFor();
    await box.locator("input[type=text]").fill(text);
    if (shot !== undefined) {
      await this.shot(shot);
    }
    await this.page.keyboard.press("Enter");
  }
}
