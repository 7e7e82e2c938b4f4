// From a request in an input box to a merge commit, as a user of VS Code goes it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { run, say } from "./workbench.mjs";

const { FOLDER } = process.env;
const REQUEST = "People want to read and write durations of several days, as `2d 4h`.";
const PLANS = ".podium/plans";
const FINDING = "A unit given twice is added up instead of refused";

await run(async (workbench) => {
  const { page } = workbench;
  const squiggle = page.locator(".squiggly-info").first();

  await workbench.command("Podium: Plan a Request");
  await workbench.answer("What should be done?", REQUEST);
  say("told:", await workbench.notification("approval pending"));
  await workbench.lens("Reject…");
  await workbench.shot("1-pending");
  await workbench.command("Notifications: Clear All Notifications");
  await workbench.press("Approve", page.locator(".codelens-decoration", { hasText: "Pause" }));

  const [plan] = readdirSync(join(FOLDER, PLANS)).map((name) => join(PLANS, name));
  const lines = readFileSync(join(FOLDER, plan), "utf8").split("\n");
  await workbench.open(plan, lines.findIndex((line) => line.includes("T2:")) + 1);
  say("progress:", await workbench.status("tasks done"));
  await workbench.hint("working");
  await workbench.shot("2-running");
  await workbench.hint("attempt 2");
  await workbench.lens("Show diff of T2");
  await workbench.shot("3-sent-back");
  say("told:", await workbench.notification("done: merge or discard it"));
  await workbench.shot("4-done");

  const finding = await workbench.problem(FINDING);
  await workbench.shot("5-problems");
  await finding.dblclick();
  await squiggle.waitFor();
  await workbench.shot("6-finding");
  await workbench.fix("Dismiss with a reason…");
  await workbench.answer("Why does this finding not matter?", "Nobody writes a unit twice.", "7-dismissing");
  await squiggle.waitFor({ state: "detached" });

  await workbench.open(plan, 1);
  await workbench.press("Show diff", page.locator(".multiDiffEntry"));
  await workbench.shot("8-diff");

  await workbench.open(plan, 1);
  const merged = workbench.notified("merged as");
  await workbench.press("Merge", merged);
  say("told:", (await merged.innerText()).replace(/ as [0-9a-f]+$/, ""));
  await workbench.shot("9-merged");
});
