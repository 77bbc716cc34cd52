//! Bundles that the builder would never write: with any text and any JSON.

use std::path::{Path, PathBuf};

use bundle::{
    Article, Counts, Day, Directories, Directory, Folder, Front, Index, List, MANIFEST_PATH, Manifest, Month,
    MonthRef, NameFiles, PageRef, PathFile, Settings, ShardRef, Site, Store,
};
use sha2::{Digest as _, Sha256};

/// Receives the folder of a file (`None` for the manifest) and its JSON, and returns the JSON to write.
type Change = dyn Fn(Option<Folder>, Vec<u8>) -> Vec<u8>;

/// Writes a bundle into a site.
pub struct BundleFixture {
    site: PathBuf,
    /// Changes the JSON of files before they are written.
    change: Box<Change>,
}

impl BundleFixture {
    /// Removes the bundle of a site, if there is one, so that another can be written.
    pub fn at(site: &Path, change: impl Fn(Option<Folder>, Vec<u8>) -> Vec<u8> + 'static) -> Self {
        // There may be no bundle yet.
        let _ = std::fs::remove_dir_all(site.join("bundle"));
        Self { site: site.to_owned(), change: Box::new(change) }
    }

    fn put(&self, folder: Folder, json: Vec<u8>) -> String {
        let json = (self.change)(Some(folder), json);
        let hash: String = hex::encode(Sha256::digest(&json));
        self.write(&folder.path(&hash, Store::Plain), &json);
        hash
    }

    fn write(&self, path: &str, json: &[u8]) {
        let path = self.site.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, json).expect("a file can be written");
    }

    /// Writes a bundle with these articles, which must be from one month and sorted, oldest first. The list
    /// of each day, and of each category, tag and security that an article names, contains all the articles.
    pub fn write_articles(&self, articles: &[Article]) {
        let headline = |article: &Article| bundle::Headline {
            slug: article.slug.clone(),
            title: article.title.clone(),
            time: article.time,
            date_only: article.date_only,
            // Of untrusted articles, this is an attack.
            path: article.original.clone(),
            category: article.categories.first().cloned(),
            securities: article.securities.clone(),
            image: article.image.clone(),
            summary: article.summary.clone(),
        };
        let rows: Vec<_> = articles.iter().map(headline).collect();
        let newest: Vec<_> = rows.iter().rev().take(Manifest::NEWEST).cloned().collect();
        let page = self.put(Folder::Pages, bundle::encode(&[&rows]));
        let list = |title: &str| List {
            title: title.to_owned(),
            names: vec![title.to_owned()],
            count: rows.len(),
            newest: Vec::new(),
            pages: vec![PageRef { file: page.clone(), index: 0, oldest: rows[0].key() }],
        };
        let mut sorted: Vec<&Article> = articles.iter().collect();
        sorted.sort_by_key(|article| (article.time.date(), article.slug.clone()));
        let first = sorted[0];
        let mut dates: Vec<_> = sorted.iter().map(|article| article.time.date()).collect();
        dates.dedup();
        let month = Month {
            days: dates.iter().map(|date| Day { date: *date, list: list("") }).collect(),
            // One article per shard, because some are long.
            shards: sorted
                .iter()
                .map(|article| ShardRef {
                    file: self.put(Folder::Shards, bundle::encode(&[article])),
                    date: article.time.date(),
                    slug: article.slug.clone(),
                })
                .collect(),
        };
        let month = self.put(Folder::Months, bundle::encode(&month));
        let mut directory = Directory::default();
        let mut names = [(); 3].map(|()| Vec::new());
        for article in articles {
            for (at, (kind, labels)) in
                [("category", &article.categories), ("tag", &article.tags), ("quote", &article.securities)]
                    .into_iter()
                    .enumerate()
            {
                for label in labels {
                    if directory.lists.insert(format!("{kind}/{}", label.key), list(&label.title)).is_none() {
                        names[at].push((label.key.clone(), label.title.clone(), rows.len()));
                    }
                }
            }
        }
        let block = (names[0][0].clone(), rows.iter().rev().take(Front::ROWS).cloned().collect::<Vec<_>>());
        let directory = self.put(Folder::Lists, bundle::encode(&directory));
        let [category, tag, quote] = names.map(|names| vec![self.put(Folder::Names, bundle::encode(&names))]);
        let front = Front {
            blocks: vec![bundle::Block { category: bundle::NamedList::from(block.0), rows: block.1 }],
            names: NameFiles { category, tag, quote },
        };
        let front = self.put(Folder::Front, bundle::encode(&front));
        let date = articles[0].time.date();
        let (_, place) = PathFile::place("/own/address", 1);
        let story = (place, format!("{date}/{}", articles[0].slug));
        let (_, place) = PathFile::place("/about/this", 1);
        let page = (place, self.put_standalone(&articles[0]));
        let paths = PathFile { targets: [story, page].into() };
        let paths = self.put(Folder::Paths, bundle::encode(&paths));
        let manifest = Manifest {
            format: bundle::FORMAT,
            site: Site {
                title: "伪造".into(),
                lang: "zh-CN".into(),
                timezone: "Asia/Shanghai".into(),
                ..Site::default()
            },
            settings: Settings::default(),
            counts: Counts { articles: articles.len(), days: dates.len(), ..Counts::default() },
            newest,
            index: Index {
                paths: vec![paths],
                home: String::new(),
                search: String::new(),
                store: Store::Plain,
                front,
                months: vec![MonthRef {
                    month: first.time.date().year_month(),
                    count: articles.len(),
                    file: month,
                }],
                lists: Directories { open: vec![directory], closed: Vec::new() },
            },
        };
        let manifest = (self.change)(None, bundle::encode(&manifest));
        self.write(MANIFEST_PATH, &manifest);
    }

    /// Writes a standalone page with an article's title and body.
    fn put_standalone(&self, article: &Article) -> String {
        let page = Article { title: article.title.clone(), body: article.body.clone(), ..Article::default() };
        self.put(Folder::Standalone, bundle::encode(&page))
    }
}
