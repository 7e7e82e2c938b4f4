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
