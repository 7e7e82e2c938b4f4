--- What the server offers at the cursor.
---
--- A lens or a code action carries the arguments that make a command exact: the hash
--- of the text that an approval is for, the finding under the cursor. So `:Podium`
--- runs what is offered and never makes such arguments up.
local M = {}

local TIMEOUT_MS = 5000

---@param client vim.lsp.Client
---@param method string
---@param params table
---@param bufnr integer
---@return table[]
local function ask(client, method, params, bufnr)
  if not client:supports_method(method) then
    return {}
  end
  local answer = client:request_sync(method, params, TIMEOUT_MS, bufnr)
  local result = answer and answer.result
  return type(result) == 'table' and result or {}
end

---@param line integer 0-based
---@param bufnr integer
---@return table params of textDocument/codeAction for the whole line
local function action_params(line, bufnr)
  local diagnostics = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(bufnr, { lnum = line })) do
    table.insert(diagnostics, vim.tbl_get(diagnostic, 'user_data', 'lsp'))
  end
  return {
    textDocument = vim.lsp.util.make_text_document_params(bufnr),
    range = { start = { line = line, character = 0 }, ['end'] = { line = line + 1, character = 0 } },
    context = { diagnostics = diagnostics },
  }
end

---@param offered table[] code actions, commands or code lenses
---@param name string
---@return lsp.Command[]
local function commands_named(offered, name)
  local found = {}
  for _, offer in ipairs(offered) do
    local command = type(offer.command) == 'string' and offer or offer.command
    if command and command.command == name then
      table.insert(found, command)
    end
  end
  return found
end

--- The offers of one command: those on the cursor's line, else those of the document.
---@param client vim.lsp.Client
---@param bufnr integer
---@param name string such as `podium.approve`
---@return lsp.Command[]
function M.of(client, bufnr, name)
  if not vim.lsp.buf_is_attached(bufnr, client.id) then
    return {}
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local here = ask(client, 'textDocument/codeAction', action_params(line, bufnr), bufnr)
  local found = commands_named(here, name)
  if #found > 0 then
    return found
  end
  local document = { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
  return commands_named(ask(client, 'textDocument/codeLens', document, bufnr), name)
end

return M
