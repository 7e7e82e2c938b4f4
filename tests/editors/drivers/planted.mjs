// The extension in a trusted folder whose settings name an executable: it is started.

import { existsSync } from "node:fs";

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  while (!existsSync(process.env.TRACE)) {
    await workbench.page.waitForTimeout(100);
  }
  say("started");
});
