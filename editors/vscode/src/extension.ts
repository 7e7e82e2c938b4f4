// The extension starts `podium lsp` and shows what it asks for; everything that can
// be said in LSP stays in the server.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn } from "vscode-languageclient/node";

import { completeArguments } from "./commands";
import { DiffDocuments } from "./diff";
import { findExecutable } from "./executable";
import { askForText } from "./input";
import { Waiting } from "./waiting";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const diffs = new DiffDocuments();
  let waiting: Waiting | undefined;
  const restartOnNewPath = vscode.workspace.onDidChangeConfiguration(async (change) => {
    if (change.affectsConfiguration("podium.path") && !waiting?.isWaiting) {
      await deactivate();
      await start(diffs);
    }
  });
  context.subscriptions.push(diffs, restartOnNewPath);
  if ((await folderWithPodium()) === undefined) {
    waiting = new Waiting(context.extension, () => start(diffs));
    context.subscriptions.push(waiting);
    return;
  }
  await start(diffs);
}

export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function start(diffs: DiffDocuments): Promise<void> {
  const folder = (await folderWithPodium()) ?? vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    return;
  }
  // In an untrusted workspace VS Code answers with the user's own setting, or the default.
  const path = vscode.workspace.getConfiguration("podium", folder).get<string>("path", "podium");
  const command = findExecutable(path);
  if (command === undefined) {
    // Not awaited: activation must not hang on a message that nobody answers.
    void explainMissing(path);
    return;
  }
  client = new LanguageClient("podium", "Podium", { command, args: ["lsp"] }, clientOptions(folder));
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { podium: { input: true, diff: true } };
    },
    initialize: () => {},
    getState: () => ({ kind: "static" }),
    clear: () => {},
  });
  client.onRequest("podium/input", askForText);
  client.onRequest("podium/showDiff", (params) => diffs.show(params));
  await client.start();
}

function clientOptions(folder: vscode.WorkspaceFolder): LanguageClientOptions {
  return {
    documentSelector: [{ scheme: "file" }],
    workspaceFolder: folder,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      executeCommand: async (command, given, next) => next(command, await completeArguments(command, given)),
    },
  };
}

/** Of several folders, the first that uses Podium: one engine serves one Git repository. */
async function folderWithPodium(): Promise<vscode.WorkspaceFolder | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, ".podium"));
      return folder;
    } catch {
      // This folder has none.
    }
  }
  return undefined;
}

async function explainMissing(path: string): Promise<void> {
  const settings = "Open Settings";
  const answer = await vscode.window.showErrorMessage(
    `Podium's executable "${path}" was not found. Install it from a checkout of Podium with "uv tool install '.[python]'" or "pipx install '.[python]'", or set podium.path to its absolute path.`,
    settings,
  );
  if (answer === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "podium.path");
  }
}
