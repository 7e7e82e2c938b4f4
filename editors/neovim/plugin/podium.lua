-- Loaded at start by any plugin manager: defines `:Podium` and the `<Plug>` maps,
-- and enables the server. Everything else is required on first use.

if vim.g.loaded_podium then
  return
end
vim.g.loaded_podium = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('podium: needs Neovim 0.11 or newer', vim.log.levels.ERROR)
  return
end

vim.api.nvim_create_user_command('Podium', function(invocation)
  require('podium.commands').run(invocation.fargs)
end, {
  nargs = '*',
  desc = 'Podium: plans, runs and findings',
  complete = function(lead, line)
    return require('podium.commands').complete(lead, line)
  end,
})

for _, name in ipairs(require('podium.names').subcommands) do
  vim.keymap.set('n', ('<Plug>(podium-%s)'):format(name), function()
    require('podium.commands').run({ name })
  end, { desc = 'Podium: ' .. name })
end

-- Attaches only where a `.podium` folder is (see lua/podium/root.lua), so enabling
-- it costs a workspace without one nothing.
if vim.g.podium_enable ~= false then
  vim.lsp.enable('podium')
end

-- A plan is often the first file of a `.podium` that does not exist yet.
vim.api.nvim_create_autocmd('BufWritePre', {
  group = vim.api.nvim_create_augroup('podium', { clear = true }),
  pattern = '*/.podium/plans/*.md',
  desc = "Make the plans' folder",
  callback = function(event)
    vim.fn.mkdir(vim.fs.dirname(vim.api.nvim_buf_get_name(event.buf)), 'p')
  end,
})

if vim.g.podium_lenses then
  require('podium.lenses').follow()
end
