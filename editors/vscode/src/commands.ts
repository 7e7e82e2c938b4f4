// A command from the palette comes without arguments: they are taken from what the
// server offers in the active editor, so that an approval is for the text on screen.

import * as vscode from "vscode";

/** Commands whose arguments only a lens or a code action knows. */
const OFFERED = new Set([
  "podium.answer",
  "podium.approve",
  "podium.dismissFinding",
  "podium.fixFinding",
  "podium.retry",
]);

/** VS Code hands lenses out without their commands unless it is told how many to resolve. */
const MOST_LENSES = 1000;

export async function completeArguments(command: string, given: unknown[]): Promise<unknown[]> {
  if (given.length > 0) {
    return given;
  }
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.scheme !== "file") {
    return [{}];
  }
  if (OFFERED.has(command)) {
    const offer = await choose(await offers(editor, command));
    if (offer?.arguments !== undefined) {
      return offer.arguments;
    }
  }
  return [{ uri: editor.document.uri.toString() }];
}

/** The offers of one command: those on the cursor's line, else those of the document. */
async function offers(editor: vscode.TextEditor, command: string): Promise<vscode.Command[]> {
  const { uri } = editor.document;
  const line = editor.document.lineAt(editor.selection.active.line).range;
  const actions = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
    "vscode.executeCodeActionProvider",
    uri,
    line,
  );
  const here = actions.map((action) => (typeof action.command === "string" ? (action as vscode.Command) : action.command));
  const found = here.filter((it) => it?.command === command) as vscode.Command[];
  if (found.length > 0) {
    return found;
  }
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, MOST_LENSES);
  return lenses.flatMap((lens) => (lens.command?.command === command ? [lens.command] : []));
}

async function choose(found: vscode.Command[]): Promise<vscode.Command | undefined> {
  if (found.length < 2) {
    return found[0];
  }
  const picked = await vscode.window.showQuickPick(found.map((offer) => ({ label: offer.title, offer })));
  if (picked === undefined) {
    throw new vscode.CancellationError();
  }
  return picked.offer;
}
