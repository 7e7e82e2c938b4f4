-- The plugin as Neovim loads it, without a server.
local walker = dofile(vim.fs.joinpath(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)), 'walker.lua'))

walker.run(function()
  walker.say('command', vim.fn.exists(':Podium'))
  walker.say('map', not vim.tbl_isempty(vim.fn.maparg('<Plug>(podium-approve)', 'n', false, true)))
  walker.say('completes', table.concat(vim.fn.getcompletion('Podium re', 'cmdline'), ' '))

  vim.cmd.edit('README.md')
  walker.say('attached', #vim.lsp.get_clients({ _uninitialized = true }))
  vim.cmd('Podium bogus')
  vim.cmd('Podium request Rename it')
  vim.cmd('Podium status')

  vim.cmd('checkhealth podium')
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    walker.say('health', line)
  end
  vim.cmd.helptags('ALL')
  vim.cmd.help(':Podium')
  walker.say('help', vim.fn.expand('%:t'))
end)
