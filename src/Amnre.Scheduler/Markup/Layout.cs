namespace Amnre.Scheduler.Markup;

/// <summary>What all pages share.</summary>
internal static class Layout
{
    private static readonly (string Address, string Title)[] Places =
        [("/", "Experiments"), ("/queue", "Queue"), ("/workers", "Workers"), ("/events", "Events"), ("/hangfire", "Transport")];

    public static Page Page(string title, Html body, bool live = true, string? place = null) =>
        new(title, body) { Live = live, Place = place };

    /// <param name="page">What to show.</param>
    /// <param name="account">Who is signed in and the way out; nothing for those who are not.</param>
    public static Html Document(Page page, Html account) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{page.Title} · Amnre</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <script src="/assets/dashboard.js" defer></script>
        </head>
        <body>
        {(page.LeadsOn ? Html.Of($"""<a class="skip" href="#main">Skip to the content</a>""") : Html.None)}
        <header>
        {(page.LeadsOn ? Html.Of($"""<a class="brand" href="/">{Brand}</a>""") : Html.Of($"""<span class="brand">{Brand}</span>"""))}
        {(page.LeadsOn ? Navigation(page.Place) : Html.None)}
        {(page.Live ? Html.Of($"""<span id="pulse" role="status" title="Updated every second"><i></i><span>live</span></span>""") : Html.None)}
        {account}
        </header>
        <main id="main" tabindex="-1"{(page.Live ? Html.Of($""" data-live="1" """) : Html.None)}>
        {page.Body}
        </main>
        </body>
        </html>
        """);

    private static Html Brand { get; } = Html.Of($"""<img src="/assets/icon.svg" alt="" width="22" height="22">Amnre""");

    private static Html Navigation(string? place) => Html.Of(
        $"""<nav aria-label="Places">{Places.Select(one => Html.Of($"""<a href="{one.Address}"{Current(one.Address == place)}>{one.Title}</a>"""))}</nav>""");

    public static Html Current(bool current) => current ? Html.Of($""" aria-current="page" """) : Html.None;

    public static Html Badge(string state) => Html.Of($"""<span class="badge {state}">{state}</span>""");

    public static Html Bar(double fraction) => Html.Of(
        $"""<span class="bar"><progress max="1" value="{fraction:0.####}" aria-label="done"></progress><span>{100 * fraction:0}{"\u202f%"}</span></span>""");

    /// <summary>A table with a row per item and a stable key, so that a refresh changes cells instead of redrawing.</summary>
    public static Html Table<T>(string caption, IReadOnlyList<string> columns, IReadOnlyList<T> items, int most, Func<T, string> key,
        Func<T, Html> cells) =>
        Table(caption, [.. columns.Select(column => Html.Of($"""<th scope="col">{column}</th>"""))], items, most, key, cells);

    /// <param name="caption">For those who do not see it.</param>
    /// <param name="heads">A <c>th</c> each.</param>
    /// <param name="items">Rows.</param>
    /// <param name="most">Rows that are shown.</param>
    /// <param name="key">Distinct.</param>
    /// <param name="cells">The row's <c>td</c>s.</param>
    public static Html Table<T>(string caption, IReadOnlyList<Html> heads, IReadOnlyList<T> items, int most, Func<T, string> key,
        Func<T, Html> cells) => Html.Of(
        $"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="of{heads.Count}" aria-label="{caption}">
        <thead><tr>{heads}</tr></thead>
        <tbody>{items.Take(most).Select(item => Html.Of($"""<tr data-key="{key(item)}">{cells(item)}</tr>"""))}
        {(items.Count > most ? Html.Of($"""<tr data-key="more"><td class="quiet" colspan="{heads.Count}">and {items.Count - most} more</td></tr>""") : Html.None)}</tbody>
        </table></div>
        """);

    /// <summary>On from here, and back to the beginning; nothing where there is no more than this page.</summary>
    public static Html Pager(string? first, string? next) => first is null && next is null ? Html.None : Html.Of(
        $"""<nav class="pager" aria-label="Pages" data-key="pager">{(first is null ? Html.None : Html.Of($"""<a data-key="first" href="{first}">Back to the beginning</a>"""))}{(next is null ? Html.None : Html.Of($"""<a data-key="next" rel="next" href="{next}">Next page</a>"""))}</nav>""");
}
