namespace Amnre.Scheduler.Pages;

/// <summary>Why there is nothing to show.</summary>
/// <param name="Title">The kind of error.</param>
/// <param name="Detail">For people.</param>
public sealed record RefusalModel(string Title, string Detail)
{
    /// <summary>Whether the page asks again by itself.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether a link to all experiments follows.</summary>
    public bool LinksHome { get; init; }
}
