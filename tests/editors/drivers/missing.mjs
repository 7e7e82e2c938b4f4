// The extension where Podium's executable is not found, in a trusted folder or not.

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  if (process.env.DISTRUST) {
    await workbench.page.getByRole("button", { name: "No, I don't trust the authors" }).click();
  }
  say("notification", await workbench.notification("was not found"));
  await workbench.shot("missing");
});
