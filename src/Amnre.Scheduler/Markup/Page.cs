namespace Amnre.Scheduler.Markup;

/// <summary>What a page shows; <see cref="Layout.Document"/> makes a document of it for whoever asked.</summary>
/// <param name="Title">Of the window.</param>
/// <param name="Body">What <c>main</c> holds.</param>
internal sealed record Page(string Title, Html Body)
{
    /// <summary>Whether it keeps itself current.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Whether there is a way on from here: none for those who are not signed in, whom every place would lead back.</summary>
    public bool LeadsOn { get; init; } = true;

    /// <summary>Address of the place in the navigation that it belongs to; null for none.</summary>
    public string? Place { get; init; }
}
