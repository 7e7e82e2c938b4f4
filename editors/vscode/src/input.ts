// `podium/input`: the server needs a text that only the user can give.

import * as vscode from "vscode";

interface InputParams {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly options?: readonly string[];
}

const OTHER = "Something else…";

export async function askForText(params: InputParams): Promise<{ text: string } | null> {
  const text = await (params.options?.length ? pick(params, params.options) : type(params));
  return text === undefined ? null : { text };
}

// Without `ignoreFocusOut` a click into the plan, to read what is asked about, loses the answer.
function type(params: InputParams): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    prompt: params.prompt,
    ignoreFocusOut: true,
    ...(params.placeholder !== undefined && { placeHolder: params.placeholder }),
    ...(params.value !== undefined && { value: params.value }),
  });
}

// The options are suggestions: whoever asks takes any answer.
async function pick(params: InputParams, options: readonly string[]): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick([...options, OTHER], { title: params.prompt, ignoreFocusOut: true });
  return picked === OTHER ? type(params) : picked;
}
