namespace Amnre.Scheduler.Dashboard;

/// <summary>What all pages share.</summary>
internal static class Layout
{
    public static Html Page(string title, Html body, bool live = true) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} · Amnre</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <script src="/assets/dashboard.js" defer></script>
        </head>
        <body>
        <header>
        <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="22" height="22">Amnre</a>
        <nav><a href="/">Experiments</a><a href="/workers">Workers</a><a href="/hangfire">Transport</a></nav>
        {(live ? Html.Of($"""<span id="pulse" title="Updated every second"><i></i><span>live</span></span>""") : Html.None)}
        </header>
        <main{(live ? Html.Of($""" data-live="1" """) : Html.None)}>
        {body}
        </main>
        </body>
        </html>
        """);

    public static Html Badge(string state) => Html.Of($"""<span class="badge {state}">{state}</span>""");

    public static Html Bar(double fraction) => Html.Of(
        $"""<span class="bar"><progress max="1" value="{fraction:0.####}"></progress><span>{100 * fraction:0}{"\u202f%"}</span></span>""");

    /// <summary>A table with a row per item and a stable key, so that a refresh changes cells instead of redrawing.</summary>
    public static Html Table<T>(string caption, IReadOnlyList<string> columns, IReadOnlyList<T> items, int most, Func<T, string> key, Func<T, Html> cells) => Html.Of(
        $"""
        <div class="scroll"><table class="of{columns.Count}" aria-label="{caption}">
        <thead><tr>{columns.Select(column => Html.Of($"<th>{column}</th>"))}</tr></thead>
        <tbody>{items.Take(most).Select(item => Html.Of($"""<tr data-key="{key(item)}">{cells(item)}</tr>"""))}
        {(items.Count > most ? Html.Of($"""<tr data-key="more"><td class="quiet" colspan="{columns.Count}">and {items.Count - most} more</td></tr>""") : Html.None)}</tbody>
        </table></div>
        """);
}
