--- Which workspace a buffer belongs to.
---
--- A workspace is a folder that holds `.podium`. A Git repository without one is
--- left alone, until `:Podium request` asks for it: nobody wants a server in every
--- repository that they look into.
local M = {}

---@param bufnr integer
---@return string? path the buffer's file, absolute; nil for a buffer that is no file
local function file_of(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  local other_scheme = name:match('^%a[%w+.-]+://')
  if vim.bo[bufnr].buftype ~= '' or name == '' or other_scheme then
    return nil
  end
  return vim.fs.normalize(name)
end

--- The workspace that uses Podium and holds the buffer.
---@param bufnr integer
---@return string? root
function M.of(bufnr)
  local path = file_of(bufnr)
  if not path then
    return nil
  end
  -- A plan may be the first file of a `.podium` that does not exist on disk yet.
  return path:match('^(.+)/%.podium/plans/') or vim.fs.root(path, '.podium')
end

--- The workspace to start Podium in when the user asks for it here.
---@param bufnr integer
---@return string? root
function M.wanted(bufnr)
  local start = file_of(bufnr) or vim.fn.getcwd()
  return M.of(bufnr) or vim.fs.root(start, { '.podium', '.git' })
end

return M
