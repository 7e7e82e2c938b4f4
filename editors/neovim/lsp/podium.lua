-- The language server's configuration, found by `vim.lsp.enable('podium')`.
-- Override any field with `vim.lsp.config('podium', { … })`.

---@type vim.lsp.Config
return {
  cmd = { 'podium', 'lsp' },
  -- No `filetypes`: findings and lenses belong to code in any language, so the
  -- root alone decides which buffers are Podium's.
  root_dir = function(bufnr, on_dir)
    local root = require('podium.root').of(bufnr)
    if root then
      on_dir(root)
    end
  end,
  capabilities = {
    experimental = { podium = { input = true } },
  },
  handlers = {
    ['podium/input'] = function(_, params)
      return require('podium.input').ask(params)
    end,
  },
  commands = {
    ['podium.merge'] = function(command, context)
      require('podium.client').merge(command, context)
    end,
  },
}
