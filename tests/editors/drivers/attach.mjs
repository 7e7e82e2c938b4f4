// The extension with the server: a plan's lens.

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  say("lens", await (await workbench.lens("Plan this request")).innerText());
  await workbench.shot("attach");
}, ".podium/plans/first.md");
