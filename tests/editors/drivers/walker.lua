-- What every walk through Neovim uses: say what is seen, wait for what must come.
local M = {}

local WAIT_MS = 60000

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

--- Run the walk; end Neovim with an exit status that says how it went.
---@param walk fun()
function M.run(walk)
  local messages = {}
  vim.notify = function(message, level)
    table.insert(messages, message)
    M.say('message', level or '', message)
  end
  M.messages = messages
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
