// A window with no `.podium` in it is left alone until somebody wants Podium there: gives
// one of its commands, or writes a plan by hand.

import * as vscode from "vscode";

const PLANS = "**/.podium/plans/*.md";

/** Calls `start` once, at the first sign that Podium is wanted in this window. */
export class Waiting implements vscode.Disposable {
  private readonly signs: vscode.Disposable[];
  private starting: Promise<void> | undefined;

  constructor(extension: vscode.Extension<unknown>, private readonly start: () => Promise<void>) {
    const watcher = vscode.workspace.createFileSystemWatcher(PLANS, false, true, true);
    const look = (document: vscode.TextDocument) => {
      if (vscode.languages.match({ scheme: "file", pattern: PLANS }, document) > 0) {
        void this.end();
      }
    };
    this.signs = [
      watcher,
      watcher.onDidCreate(() => this.end()),
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.workspace.onDidSaveTextDocument(look),
      ...commandsOf(extension).map((command) => this.standIn(command)),
    ];
  }

  get isWaiting(): boolean {
    return this.starting === undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.signs.splice(0)).dispose();
  }

  /** The language client registers the commands itself, so ours must be gone before it starts. */
  private end(): Promise<void> {
    this.dispose();
    this.starting ??= this.start();
    return this.starting;
  }

  private standIn(command: string): vscode.Disposable {
    return vscode.commands.registerCommand(command, async (...given: unknown[]) => {
      await this.end();
      // A server that is missing has been explained; its commands do not exist.
      if ((await vscode.commands.getCommands(true)).includes(command)) {
        await vscode.commands.executeCommand(command, ...given);
      }
    });
  }
}

function commandsOf(extension: vscode.Extension<unknown>): string[] {
  const contributed: { command: string }[] = extension.packageJSON.contributes.commands;
  return contributed.map((it) => it.command);
}
