namespace Amnre.Engine.Tests;

public sealed class PlainNameTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("7.slcp_amnre-2", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("-option", false)]
    [InlineData("_a", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void A_name_is_plain_or_not(string name, bool plain) => Assert.Equal(plain, PlainName.Is(name));

    [Fact]
    public void A_name_has_at_most_a_hundred_characters()
    {
        Assert.True(PlainName.Is(new string('a', 100)));
        Assert.False(PlainName.Is(new string('a', 101)));
    }

    [Theory]
    [InlineData("gpu_small-1", true)]
    [InlineData("a.b", false)]
    [InlineData("a,b", false)]
    [InlineData("a\n", false)]
    public void A_pool_has_a_plainer_name(string name, bool plain) => Assert.Equal(plain, PlainName.IsPool(name));
}
