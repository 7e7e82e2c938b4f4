// The extension whose server ends as soon as it has started.

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  say("notification", await workbench.notification("Podium"));
});
