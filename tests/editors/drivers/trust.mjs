// The extension in a folder whose settings name an executable: what the user answers to
// VS Code's question about trust decides whether it is started.

import { existsSync } from "node:fs";

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  const { ANSWER, TRACE } = process.env;
  await workbench.page.getByRole("button", { name: ANSWER }).click();
  if (ANSWER.startsWith("No")) {
    say("notification", await workbench.notification("was not found"));
    await workbench.shot("restricted");
    return;
  }
  while (!existsSync(TRACE)) {
    await workbench.page.waitForTimeout(100);
  }
  say("started");
});
