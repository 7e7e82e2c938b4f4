-- What every walk through Neovim uses: say what is seen, wait for what must come.
local M = {}

-- A whole run fits in, on a machine that is busy with other tests.
local WAIT_MS = 150000

---@param ... any
function M.say(...)
  local words = vim.tbl_map(tostring, { ... })
  io.stdout:write(table.concat(words, ' ') .. '\n')
end

--- Wait until `look` returns something; return that.
---@param what string
---@param look fun(): any
function M.await(what, look)
  local found
  vim.wait(WAIT_MS, function()
    found = look()
    return found
  end, 20)
  if not found then
    error(('%s did not come within %d s'):format(what, WAIT_MS / 1000), 0)
  end
  return found
end

--- The server's client of the current buffer, once it is ready.
---@return vim.lsp.Client
function M.client()
  return M.await('the server', function()
    return vim.lsp.get_clients({ name = 'podium', bufnr = 0 })[1]
  end)
end

---@param method string
---@param params table
---@return table[]
local function ask(method, params)
  local answer = M.client():request_sync(method, params, WAIT_MS, 0)
  local result = answer and answer.result
  return type(result) == 'table' and result or {}
end

---@param offers table[]
---@param title string
---@return table?
local function titled(offers, title)
  for _, offer in ipairs(offers) do
    local said = offer.title or (offer.command and offer.command.title)
    if said and said:find(title, 1, true) then
      return offer
    end
  end
end

--- A code action at the cursor's line, once it is offered.
---@param title string part of its title
function M.action(title)
  return M.await(('the code action %q'):format(title), function()
    local params = vim.lsp.util.make_range_params(0, M.client().offset_encoding)
    params.context = { diagnostics = {} }
    return titled(ask('textDocument/codeAction', params), title)
  end)
end

--- A code lens of the document, once it is there.
---@param title string part of its title
function M.lens(title)
  return M.await(('the lens %q'):format(title), function()
    return titled(ask('textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params(0) }), title)
  end)
end

--- Take the code action at the cursor's line, as the editor's own menu would.
---@param title string all of it, or what stands before its colon
function M.act(title)
  M.action(title)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == title or vim.startswith(action.title, title .. ':')
    end,
  })
end

--- What was asked the last time that somebody had to choose.
---@type string?
local asked

--- The question that comes up in `what`; the user takes none of its answers.
---@param what fun()
---@return string
function M.dismiss(what)
  asked = nil
  what()
  return M.await('a question', function()
    return asked
  end)
end

--- The diagnostic of the document that has this code, once it is there.
---@param code string
---@param part? string of its message
---@return vim.Diagnostic
function M.diagnostic(code, part)
  return M.await(('the diagnostic %q'):format(code), function()
    for _, it in ipairs(vim.diagnostic.get(0)) do
      if it.code == code and it.message:find(part or '', 1, true) then
        return it
      end
    end
  end)
end

--- Wait until the document has no diagnostic of this code.
---@param code string
function M.gone(code)
  M.await(('the end of %q'):format(code), function()
    return vim.iter(vim.diagnostic.get(0)):all(function(it)
      return it.code ~= code
    end)
  end)
end

--- The inlay hint on the line of a task, once it says `part`.
---@param task string
---@param part string
---@return string
function M.hint(task, part)
  return M.await(('the hint %q on %s'):format(part, task), function()
    local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
    local params = {
      textDocument = vim.lsp.util.make_text_document_params(0),
      range = { start = { line = 0, character = 0 }, ['end'] = { line = #lines, character = 0 } },
    }
    for _, hint in ipairs(ask('textDocument/inlayHint', params)) do
      if lines[hint.position.line + 1]:find(task .. ':', 1, true) and hint.label:find(part, 1, true) then
        return hint.label
      end
    end
  end)
end

--- What hovering at the cursor shows, once it contains `part`.
---@param part string
---@return string
function M.hover(part)
  return M.await(('the hover %q'):format(part), function()
    local params = vim.lsp.util.make_position_params(0, M.client().offset_encoding)
    local contents = ask('textDocument/hover', params).contents
    return contents and contents.value:find(part, 1, true) and contents.value
  end)
end

--- The first message with `part` since the last one that was asked for, shown by the server or by the plugin.
---@param part string
---@return string
function M.message(part)
  return M.await(('the message %q'):format(part), function()
    while #M.messages > 0 do
      local message = table.remove(M.messages, 1)
      if message:find(part, 1, true) then
        return message
      end
    end
  end)
end

--- Run the walk; end Neovim with an exit status that says how it went.
---@param walk fun()
function M.run(walk)
  local messages = {}
  vim.notify = function(message, level)
    table.insert(messages, message)
    M.say('message', level or '', message)
  end
  M.messages = messages
  local show = vim.lsp.handlers['window/showMessage']
  vim.lsp.handlers['window/showMessage'] = function(err, params, context)
    table.insert(messages, params.message)
    return show(err, params, context)
  end
  vim.ui.select = function(_, options, choose)
    asked = options.prompt
    choose(nil)
  end
  M.progress = {}
  vim.api.nvim_create_autocmd('LspProgress', {
    callback = function(event)
      table.insert(M.progress, event.data.params.value)
    end,
  })
  local done, failure = xpcall(walk, debug.traceback)
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  vim.wait(5000, function()
    return #vim.lsp.get_clients() == 0
  end, 20)
  if not done then
    M.say('FAILED', failure)
    vim.cmd.cquit()
  end
  vim.cmd.qall({ bang = true })
end

return M
