--- The connection to `podium lsp`: find it, start it, send it a command.
local M = {}

-- Python starts in half a second; a cold disk takes longer.
local START_TIMEOUT_MS = 15000

---@param message string
local function complain(message)
  vim.notify('podium: ' .. message, vim.log.levels.ERROR)
end

M.complain = complain

---@return string name of the executable, as configured
function M.executable()
  local config = vim.lsp.config.podium
  local cmd = config and config.cmd
  return type(cmd) == 'table' and cmd[1] or 'podium'
end

--- Whether Podium is installed; says so when it is not.
---@return boolean
function M.installed()
  if vim.fn.executable(M.executable()) == 1 then
    return true
  end
  complain(('%q was not found; see :checkhealth podium'):format(M.executable()))
  return false
end

---@param root string
---@return vim.lsp.Client?
local function running_in(root)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'podium' })) do
    if client.root_dir == root then
      return client
    end
  end
end

--- Return the client of the buffer's workspace, starting one if there is none.
--- Says what is wrong and returns nil when that is not possible.
---@param bufnr integer
---@return vim.lsp.Client?
function M.get(bufnr)
  local attached = vim.lsp.get_clients({ name = 'podium', bufnr = bufnr })[1]
  if attached then
    return attached
  end
  local root = require('podium.root').wanted(bufnr)
  if not root then
    complain('no Git repository here; open a file of one, or run `git init`')
    return nil
  end
  local client = running_in(root)
  if client then
    return client
  end
  if not M.installed() then
    return nil
  end
  local config = vim.tbl_extend('force', vim.lsp.config.podium, { name = 'podium', root_dir = root })
  local id = vim.lsp.start(config, { bufnr = bufnr, attach = vim.bo[bufnr].buftype == '' })
  client = id and vim.lsp.get_client_by_id(id)
  if not client or not vim.wait(START_TIMEOUT_MS, function()
    return client.initialized == true
  end, 10) then
    complain('the server did not start; see :checkhealth podium and :LspLog')
    return nil
  end
  return client
end

--- Run a command of the server. Its answer is shown by the server itself, with
--- messages, edits and documents; only an error is left to show here.
---@param client vim.lsp.Client
---@param command lsp.Command
---@param bufnr integer
---@param on_done? fun()
function M.execute(client, command, bufnr, on_done)
  local params = { command = command.command, arguments = command.arguments }
  client:request('workspace/executeCommand', params, function(err)
    if err then
      complain(err.message)
    elseif on_done then
      on_done()
    end
  end, bufnr)
end

--- Merge, then read the files that the merge changed into their buffers.
---@param command lsp.Command
---@param context { client_id: integer, bufnr: integer }
function M.merge(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  M.execute(client, command, context.bufnr, function()
    vim.cmd.checktime()
  end)
end

return M
