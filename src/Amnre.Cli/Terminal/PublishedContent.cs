using Amnre.Engine;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Terminal;

/// <summary>What a published file holds, for a report.</summary>
internal static class PublishedContent
{
    /// <param name="file">The file; null where there is none.</param>
    /// <param name="store">The store's folder.</param>
    /// <param name="read">Reads it.</param>
    /// <returns>Null where the file is out of reach or damaged: whoever reads it next finds that.</returns>
    public static T? Of<T>(PublishedFile? file, string store, Func<string, T> read) where T : class
    {
        try
        {
            return file is not null && File.Exists(Path.Combine(store, file.Path)) ? read(Path.Combine(store, file.Path)) : null;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
