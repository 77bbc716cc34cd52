# frozen_string_literal: true

# Prints what Jekyll publishes of a folder's posts: one line of JSON for each, with its file, its time in UTC,
# its address, and the older addresses that its front matter names.
#
# Usage: ruby jekyll.rb FOLDER

require "jekyll"
require "json"
require "tmpdir"

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
  site.posts.docs.each do |post|
    puts JSON.generate(
      "file" => post.relative_path,
      "time" => post.date.getutc.strftime("%Y-%m-%dT%H:%M:%SZ"),
      "address" => post.url,
      "older" => Array(post.data["redirect_from"]).map(&:to_s)
    )
  end
end
