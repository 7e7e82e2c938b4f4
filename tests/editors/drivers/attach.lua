-- The plugin with the server, in a repository without `.podium`: a command starts it and
-- asks for what is missing; a plan that is not on disk yet gets its lens.
local walker = dofile(vim.fs.joinpath(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)), 'walker.lua'))

walker.run(function()
  local asked
  vim.ui.input = function(options, answer)
    asked = options.prompt
    answer(nil)
  end
  vim.cmd('Podium request')
  walker.say('asked', vim.trim(walker.await('a question', function()
    return asked
  end)))

  vim.cmd.edit('.podium/plans/first.md')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { '# First', '', '## Request', '', 'Rename it.' })
  local client = walker.client()
  walker.say('root', client.root_dir)
  walker.say('action', walker.action('Plan this request').title)
  vim.cmd('Podium lenses')
  walker.say('lens', walker.lens('Plan this request').command.title)
  vim.cmd('silent checkhealth podium')
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find('attached') then
      walker.say('health', line)
    end
  end
end)
