// `podium/showDiff`: what a run changed, in VS Code's own diff editor. Both sides are
// documents that exist in memory only: the run's tree is not the user's to edit.

import * as vscode from "vscode";

const SCHEME = "podium-diff";
const NOT_SHOWN = "This file is no text, or too long to be shown here.\n";

interface ChangedFile {
  readonly path: string;
  /** The file's text, null where the file does not exist. */
  readonly before: string | null;
  readonly after: string | null;
  /** Whether the texts are here: they are not for a file that is no text, or too long. */
  readonly is_shown: boolean;
}

interface DiffParams {
  readonly title: string;
  readonly files: readonly ChangedFile[];
}

export class DiffDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private texts = new Map<string, string>();
  private shown = 0;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }

  async show(params: DiffParams): Promise<null> {
    this.forgetClosed();
    this.shown += 1;
    const changes = params.files.map((file) => this.change(file));
    await vscode.commands.executeCommand("vscode.changes", params.title, changes);
    return null;
  }

  /** Return a row of the diff editor: what it is called, and its sides that exist. */
  private change(file: ChangedFile): [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] {
    const before = file.is_shown ? file.before : null;
    const after = file.is_shown ? file.after : NOT_SHOWN;
    const left = before === null ? undefined : this.document("before", file, before);
    const right = after === null ? undefined : this.document("after", file, after);
    return [this.document("name", file, ""), left, right];
  }

  private document(side: "before" | "after" | "name", file: ChangedFile, text: string): vscode.Uri {
    // The number keeps a second diff of the same file apart from one that is still open.
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${file.path}`, query: `${this.shown}-${side}` });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  private forgetClosed(): void {
    const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.toString()));
    this.texts = new Map([...this.texts].filter(([uri]) => open.has(uri)));
  }
}
