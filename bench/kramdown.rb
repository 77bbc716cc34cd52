# frozen_string_literal: true

# Prints the cases of kramdown, `crates/posts/src/kramdown/cases.txt`, again: each text with the HTML that kramdown with
# GFM's input makes of it.
#
# Usage: ruby kramdown.rb ../crates/posts/src/kramdown/cases.txt

require "kramdown"
require "kramdown-parser-gfm"

OPTIONS = { input: "GFM", hard_wrap: false, syntax_highlighter: nil, auto_ids: true }.freeze

cases = File.read(ARGV.fetch(0)).split("=====\n").map do |text|
  text = text.split("\n-----\n").first.chomp
  "#{text}\n-----\n#{Kramdown::Document.new(text + "\n", OPTIONS).to_html.chomp}\n"
end
puts cases.join("=====\n")
