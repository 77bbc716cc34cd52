# frozen_string_literal: true

# Prints what Jekyll publishes of a folder's posts: one line of JSON for each, with its file, its time in UTC,
# its address, and the older addresses that its front matter names. With --content also the HTML of its body, or
# why Jekyll cannot render it; then pages and documents of collections, with "page", and files that are copied, with
# "copied".
#
# Usage: ruby jekyll.rb FOLDER [--content]

require "jekyll"
begin
  require "jekyll-commonmark"
rescue LoadError
  # Only sites that ask for CommonMark need it.
end
require "json"
require "tmpdir"

# A post's body as HTML, without its layout. Tags of plugins that are not installed show nothing.
def content(site, payload, post)
  post.data["layout"] = "none"
  { "content" => Jekyll::Renderer.new(site, post, payload).run }
rescue Liquid::SyntaxError => error
  tag = error.message[/Unknown tag '(\w+)'/, 1]
  return { "error" => "#{error.class}: #{error.message}" } unless tag

  Liquid::Template.register_tag(tag, Liquid::Tag)
  retry
rescue StandardError => error
  { "error" => "#{error.class}: #{error.message}" }
end

Jekyll.logger.log_level = :error
Dir.mktmpdir do |destination|
  configuration = Jekyll.configuration(
    "source" => ARGV.fetch(0), "destination" => destination, "disable_disk_cache" => true, "quiet" => true
  )
  # Neither plugins nor the theme say which posts there are, and they need not be installed.
  configuration["plugins"] = []
  configuration["plugins_dir"] = destination
  configuration.delete("theme")
  site = Jekyll::Site.new(configuration)
  site.reset
  site.read
  # The page's address and its neighbours may be part of a post.
  payload = site.site_payload
  site.posts.docs.each do |post|
    story = {
      "file" => post.relative_path,
      "time" => post.date.getutc.strftime("%Y-%m-%dT%H:%M:%SZ"),
      "address" => post.url,
      "older" => Array(post.data["redirect_from"]).map(&:to_s)
    }
    story.merge!(content(site, payload, post)) if ARGV.include?("--content")
    puts JSON.generate(story)
  end
  next unless ARGV.include?("--content")

  pages = site.pages.select { |page| page.output_ext == ".html" }
  site.collections.each { |name, collection| pages += collection.docs if name != "posts" && collection.write? }
  pages.each do |page|
    found = { "page" => true, "file" => page.relative_path, "address" => page.url }
    puts JSON.generate(found.merge(content(site, payload, page)))
  end
  site.static_files.each { |file| puts JSON.generate("copied" => file.url) }
end
