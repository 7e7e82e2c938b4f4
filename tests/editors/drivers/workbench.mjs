// What every walk through VS Code uses: a browser on the workbench, and names for what
// a person sees and does in it.

import { basename, join } from "node:path";

const { CHROMIUM, FOLDER, PLAYWRIGHT, SHOTS, VSCODE_URL } = process.env;
const { chromium } = await import(`${PLAYWRIGHT}/index.mjs`);

const WAIT_MS = 60_000;

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
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Run a command of the palette by its title. */
  async command(title) {
    await this.pick(`>${title}`, title);
  }

  /** Open a file of the folder; by its whole path, as this server comes without a file search. */
  async open(path) {
    await this.pick(join(FOLDER, path), basename(path));
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

  /** Wait for a notification; return its text. */
  async notification(text) {
    const found = this.page.locator(".notification-list-item", { hasText: text }).first();
    await found.waitFor();
    return (await found.locator(".notification-list-item-message").innerText()).trim();
  }

  /** Wait for a code lens whose title contains `text`. */
  async lens(text) {
    const found = this.page.locator(".codelens-decoration a, .codelens-decoration span", { hasText: text }).first();
    await found.waitFor();
    return found;
  }

  /** Answer an input box that asks for `prompt`. */
  async answer(prompt, text) {
    const box = this.page.locator(".quick-input-widget", { hasText: prompt });
    await box.waitFor();
    await box.locator("input[type=text]").fill(text);
    await this.page.keyboard.press("Enter");
  }
}
