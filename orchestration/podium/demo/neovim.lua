-- Podium in a Neovim without any other settings. The plugin in editors/neovim does more.

local command = { vim.g.podium_python, '-P', '-m', 'podium', 'lsp' }
local root = vim.fn.getcwd()

vim.o.signcolumn = 'yes'
vim.o.wrap = false
vim.diagnostic.config({ virtual_text = { source = false }, severity_sort = true })

local function show_lenses(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'CursorHold', 'DiagnosticChanged' }, { buffer = buffer, callback = refresh })
  refresh()
end

vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(event)
    show_lenses(event.buf)
    if vim.lsp.inlay_hint then
      vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    end
    vim.keymap.set('n', 'gra', vim.lsp.buf.code_action, { buffer = event.buf })
    vim.keymap.set('n', 'grl', vim.lsp.codelens.run, { buffer = event.buf })
    vim.keymap.set('n', 'K', vim.lsp.buf.hover, { buffer = event.buf })
  end,
})

-- Neovim keeps what a server says of its progress and shows it nowhere by itself.
local progress = ''
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local value = event.data.params.value
    progress = value.kind == 'end' and '' or value.message or progress
    vim.cmd.redrawstatus({ bang = true })
  end,
})

function PodiumStatus()
  return progress
end

vim.o.statusline = '%{fnamemodify(bufname(), ":~:.")} %m%=%{v:lua.PodiumStatus()}   %l,%c'

local function attach(buffer)
  if vim.bo[buffer].buftype == '' then
    vim.lsp.start({ name = 'podium', cmd = command, root_dir = root }, { bufnr = buffer })
  end
end

vim.api.nvim_create_autocmd('BufReadPost', {
  callback = function(event)
    attach(event.buf)
  end,
})
for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
  attach(buffer)
end

vim.o.cmdheight = 2
vim.schedule(function()
  vim.notify('Podium: read the plan; on its title, gra offers Approve, and what comes after it.\n'
    .. 'grl takes a lens, K explains; :wqa ends the demo, with its engine.')
end)
