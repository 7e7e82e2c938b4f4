// `podium/input`: the server needs a text that only the user can give.

import * as vscode from "vscode";

interface InputParams {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly options?: readonly string[];
}

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

function pick(params: InputParams, options: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showQuickPick(options, { title: params.prompt, ignoreFocusOut: true });
}
