-- From a request in a new document to a merge commit, as a user of Neovim goes it.
local walker = dofile(vim.fs.joinpath(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)), 'walker.lua'))

local PLAN = '.podium/plans/days.md'
local CODE = 'durations/parsing.py'
local say, await, act = walker.say, walker.await, walker.act

local function line_of(pattern)
  return await(('a line with %q'):format(pattern), function()
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      if line:find(pattern, 1, true) then
        return number
      end
    end
  end)
end

local function go_to(pattern)
  vim.api.nvim_win_set_cursor(0, { line_of(pattern), 0 })
end

--- The work-done progress whose messages say `part`: what it was called, and whether one can cancel it.
local function progress(part)
  local title, cancellable
  for _, value in ipairs(walker.progress) do
    if value.kind == 'begin' then
      title, cancellable = value.title, value.cancellable
    end
    if value.message and value.message:find(part, 1, true) then
      return ('%s, cancellable %s'):format(title, cancellable)
    end
  end
  error(('no progress said %q: %s'):format(part, vim.inspect(walker.progress)))
end

--- Replace text of the cursor's line, as a change that can be undone by itself.
local function substitute(pattern, text)
  vim.o.undolevels = vim.o.undolevels
  vim.cmd.substitute(('/%s/%s/'):format(pattern, text))
end

local function plan()
  vim.cmd.edit(PLAN)
  local request = 'People want to read and write durations of several days, as `2d 4h`.'
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { '## Request', '', request })
  act('Plan this request')
  line_of('## Tasks')
  line_of(request)
  say('pending:', walker.diagnostic('approval-pending', '3 tasks').message)
  say('told:', walker.message('approval pending'))
  say('progress:', progress('planning'))
  for _, title in ipairs({ 'Approve', 'Reject…', 'Review' }) do
    say('lens and action:', walker.lens(title).command.title, walker.action(title).title)
  end
end

local function name_a_file_that_does_not_exist()
  go_to('references: `durations/parsing.py')
  substitute([[parsing\.py]], 'nowhere.py')
  local wrong = walker.diagnostic('file-not-found')
  local text = vim.api.nvim_buf_get_text(0, wrong.lnum, wrong.col, wrong.end_lnum, wrong.end_col, {})
  say('wrong:', vim.diagnostic.severity[wrong.severity], text[1], wrong.message)
  say('pending:', walker.diagnostic('approval-pending', 'in the way').message)
  vim.cmd.undo()
  walker.gone('file-not-found')
  vim.cmd.write()
end

local function approve()
  act('Approve')
  walker.hint('T1', 'working')
  -- A change of what was approved takes the approval back, and nothing goes on meanwhile.
  go_to('several days, as')
  substitute('several', 'many')
  say('revoked:', walker.diagnostic('approval-revoked').message)
  say('hint:', (walker.hint('T1', 'paused'):gsub(' ·.*', '')))
  vim.cmd.undo()
  act('Approve again')
  walker.gone('approval-revoked')
end

local function keep_working()
  vim.cmd.split('NOTES.md')
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '- mine' })
  vim.cmd.write()
  vim.cmd.close()
end

local function watch()
  go_to('T2: Write days')
  say('working:', walker.diagnostic('task-working').message ~= '')
  walker.diagnostic('todo')
  local failed = walker.diagnostic('gate-suite')
  say('gate on:', vim.api.nvim_buf_get_lines(0, failed.lnum, failed.lnum + 1, false)[1])
  say('gate:', (failed.message:gsub(' %(.*', '')))
  go_to('T2: Write days')
  say('hover:', walker.hover('✗ failed') ~= '')
  walker.hint('T2', 'attempt 2')
  say('done:', (walker.diagnostic('awaiting-merge').message:gsub(' · %$.*', '')))
  say('progress:', progress('of 3 tasks done'))
  say('status:', (vim.fn.system({ 'git', 'status', '--porcelain' }):gsub('\n', ' ')))
end

local function fix()
  vim.cmd.edit(CODE)
  local finding = walker.diagnostic('minor')
  say('finding:', vim.diagnostic.severity[finding.severity], (finding.message:gsub('\n.*', '')))
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, 0 })
  act('Fix this finding')
  walker.gone('minor')
  vim.cmd.edit(PLAN)
  walker.diagnostic('task-working', 'F1')
  say('done:', (walker.diagnostic('awaiting-merge', '0 open findings').message:gsub(' · %$.*', '')))
end

local function change_ones_mind()
  local asked = walker.dismiss(function()
    act('Discard…')
  end)
  say('asked:', (asked:gsub('%$[%d.]+', '$')))
  say('done:', (walker.diagnostic('awaiting-merge').message:gsub(' · %$.*', '')))
end

local function merge()
  act('Show diff')
  await('the diff', function()
    return vim.endswith(vim.api.nvim_buf_get_name(0), 'days.diff')
  end)
  go_to('+def format_duration(seconds: int, *, days: bool = False)')
  vim.cmd.edit(PLAN)

  -- Unsaved work in a file that the merge would touch.
  vim.cmd.split('README.md')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { '# mine' })
  vim.cmd.wincmd('p')
  act('Merge')
  say('refused:', walker.message('README.md'))
  vim.cmd.wincmd('p')
  vim.cmd.edit({ bang = true })
  vim.cmd.wincmd('p')

  act('Merge')
  say('told:', (walker.message('merged as'):gsub(' as %x+', '')))
  vim.cmd.wincmd('p')
  line_of('days=True')
  vim.cmd.edit(PLAN)
  for _, task in ipairs({ 'T1', 'T2', 'T3' }) do
    line_of(('- [x] %s:'):format(task))
  end
end

walker.run(function()
  plan()
  name_a_file_that_does_not_exist()
  approve()
  keep_working()
  watch()
  fix()
  change_ones_mind()
  merge()
end)
