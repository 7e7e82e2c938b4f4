--- Code lenses, which Neovim shows only when it is asked to.
local M = {}

local group = vim.api.nvim_create_augroup('podium_lenses', { clear = true })

-- Neovim 0.12 keeps lenses current by itself; 0.11 wants to be told when.
local NATIVE = vim.lsp.codelens.enable ~= nil
local REFRESH_ON = { 'BufEnter', 'CursorHold', 'InsertLeave', 'TextChanged' }

---@param bufnr integer
---@return boolean
local function shown(bufnr)
  if NATIVE then
    return vim.lsp.codelens.is_enabled({ bufnr = bufnr })
  end
  return #vim.api.nvim_get_autocmds({ group = group, buffer = bufnr }) > 0
end

---@param bufnr integer
---@param on boolean
local function show(bufnr, on)
  if NATIVE then
    vim.lsp.codelens.enable(on, { bufnr = bufnr })
    return
  end
  vim.api.nvim_clear_autocmds({ group = group, buffer = bufnr })
  if not on then
    vim.lsp.codelens.clear(nil, bufnr)
    return
  end
  vim.lsp.codelens.refresh({ bufnr = bufnr })
  vim.api.nvim_create_autocmd(REFRESH_ON, {
    group = group,
    buffer = bufnr,
    callback = function()
      vim.lsp.codelens.refresh({ bufnr = bufnr })
    end,
  })
end

--- Show the buffer's lenses, or hide them.
---@param bufnr integer
function M.toggle(bufnr)
  show(bufnr, not shown(bufnr))
end

--- Show the lenses of every buffer that Podium attaches to.
function M.follow()
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'podium' and not shown(event.buf) then
        show(event.buf, true)
      end
    end,
  })
end

return M
